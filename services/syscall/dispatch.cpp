// SPDX-License-Identifier: MPL-2.0
// One system call: registers to arguments, the memory border (memory.md), the handler, the result, the trace line.
#include <ostd/log.h>
#include <ostd/reservation.h>
#include <services/abi/errno.h>
#include <services/process/trace_stop.h>
#include <services/syscall/table.h>

namespace svc::sys {
namespace {

i64 as_return_value(const SysResult& r) { return r.ok() ? r.value() : -static_cast<i64>(abi::to_errno(r.error())); }

SysResult run(const Entry& e, Caller& c) {
  if (e.state == State::absent) return Errc::no_syscall;
  if (e.budget_pages == 0) return e.call(c);
  TRY(mem::reserve(e.budget_pages));
  SysResult r = e.call(c);
  mem::settle();
  return r;
}

void print_result(TraceSink& t, const SysResult& r) {
  if (r.ok()) {
    const i64 v = r.value();
    if (v >= -4096 && v < 0x1'0000'0000) t.print(" = {}", v);
    else t.print(" = {:#x}", static_cast<u64>(v));
  } else {
    t.print(" = -1 {}", abi::errno_name(r.error()));
  }
}

SysResult run_printed(const Entry& e, Caller& c) {
  TraceSink t{};
  t.print("[pid {}] {}(", c.thread_id().value, e.name.view().empty() ? std::string_view("syscall") : e.name.view());
  if (e.state != State::absent) e.print_args(t, c, raw_args(c.regs()));
  t.text(")");
  SysResult r = run(e, c);
  print_result(t, r);
  t.text("\n");
  log::raw(t.view());
  return r;
}

SysResult run_watched(const Entry& e, Caller& c) {
  SysResult r = (c.traced() & proc::watch::printed) != 0 ? run_printed(e, c) : run(e, c);
  c.count_call(e.number, r);
  return r;
}

}  // namespace

namespace {

// ptrace: its tracer may see the call, change it, or have it not run.
void dispatch_traced(Caller& c) {
  c.orig_rax = static_cast<i64>(c.regs().rax);
  c.registers_replaced = false;
  Opt<u64> number(static_cast<u64>(static_cast<u32>(c.regs().rax)));
  if ((c.traced() & (proc::watch::calls | proc::watch::emulated)) != 0) number = proc::trace_call_entry(c);
  if (number) {
    c.regs().rax = *number;
    c.in_call = true;
    const u32 nth = c.denial.next_call;
    if (nth != 0) c.begin_denial(nth);
    const SysResult r = run_watched(lookup(*number), c);
    if (nth != 0) c.end_denial(nth);
    c.in_call = false;
    // The result of a call that ends the thread is never seen.
    if (!c.registers_replaced) c.regs().rax = c.thread()->exiting() ? static_cast<u64>(as_return_value(Errc::no_syscall)) : static_cast<u64>(as_return_value(r));
  }
  proc::trace_call_exit(c);
}

}  // namespace

void dispatch(Caller& c) {
  const u32 watched = c.traced();
  if ((watched & proc::watch::ptraced) != 0) [[unlikely]] return dispatch_traced(c);
  const u64 number = static_cast<u32>(c.regs().rax);  // the upper half does not count
  const Entry& e = lookup(number);
  c.registers_replaced = false;
  const u32 nth = c.denial.next_call;
  if (nth != 0) [[unlikely]] c.begin_denial(nth);
  const SysResult r = watched != 0 ? run_watched(e, c) : run(e, c);
  if (nth != 0) [[unlikely]] c.end_denial(nth);
  if (!c.registers_replaced) c.regs().rax = static_cast<u64>(as_return_value(r));
}

}  // namespace svc::sys
