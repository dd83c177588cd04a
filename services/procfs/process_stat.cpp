// SPDX-License-Identifier: MPL-2.0
// /proc/PID/stat and statm.
#include <base/format.h>
#include <services/procfs/process_files.h>
#include <services/procfs/subject.h>
#include <services/process/groups.h>

namespace svc::procfs {
namespace {

constexpr i64 kTickNs = 10'000'000;   // USER_HZ is 100
constexpr u64 kLowSignals = 0x7fff'ffff;
constexpr u32 kForkNoExec = 0x40;     // the one PF_ flag that means something here

i64 ticks(Duration d) { return d.ns / kTickNs; }

struct Terminal { i32 device = 0, foreground = -1; };
Terminal terminal_of(const Subject& s) {
  const Opt<Ref<proc::ProcessGroup>> g = s.system->tree().group_of(**s.process);
  if (!g) return {};
  const Opt<Ref<ControllingTerminal>> t = (*g)->session()->terminal();
  if (!t) return {};
  return {static_cast<i32>((*t)->device().value), (*t)->foreground_group().value};
}

struct Priority { i32 priority = 20, nice = 0; u32 rt = 0, policy = 0, cpu = 0; };
Priority priority_of(const Opt<Ref<proc::Thread>>& t) {
  if (!t || !(*t)->started()) return {};
  const SchedParams p = (*t)->sched();
  Priority r{};
  r.cpu = static_cast<u32>((*t)->last_cpu());
  switch (p.klass) {
    case SchedClass::fair: r.policy = 0; break;
    case SchedClass::fifo: r.policy = 1; break;
    case SchedClass::round_robin: r.policy = 2; break;
    case SchedClass::batch: r.policy = 3; break;
    case SchedClass::idle: r.policy = 5; break;
  }
  if (p.klass == SchedClass::fifo || p.klass == SchedClass::round_robin) {
    r.rt = p.rt_priority;
    r.priority = -1 - static_cast<i32>(p.rt_priority);
  } else {
    r.nice = p.nice;
    r.priority = 20 + p.nice;
  }
  return r;
}

struct Signals { u64 pending = 0, blocked = 0, ignored = 0, caught = 0; };
Signals signals_of(const Subject& s, const Opt<Ref<proc::Thread>>& t) {
  Signals r{};
  if (t) {
    r.pending = (*t)->own_pending().bits;
    r.blocked = (*t)->blocked().bits;
  }
  if (!vm_of(s)) return r;
  for (u32 n = 1; n <= proc::sig::count; ++n) {
    const u64 h = (*s.process)->action(Signo{n}).handler;
    if (h == proc::handler::ign) r.ignored |= 1ULL << (n - 1);
    else if (h != proc::handler::dfl) r.caught |= 1ULL << (n - 1);
  }
  return r;
}

Opt<Cap<vm::Vm, vm::memory::inspect>> inspected(Traced t) {
  Opt<Cap<vm::Vm, vm::memory::inspect | vm::memory::read | vm::memory::write>> m = t.memory();
  return m ? Opt<Cap<vm::Vm, vm::memory::inspect>>(*std::move(m)) : none;
}

}  // namespace

char state_of(const Subject& s) {
  const Opt<Ref<proc::Thread>> t = thread_of(s);
  if (!t || !(*t)->started() || (*t)->ended()) return 'Z';
  if ((*t)->stopped()) return (*t)->trace_stopped() ? 't' : 'T';
  return (*t)->runnable() ? 'R' : 'S';
}

Status stat(const Subject& s, const Context& who, String& out) {
  const Ref<proc::Process> p = TRY(process_of(s));
  const Opt<Ref<proc::Thread>> t = thread_of(s);
  const Opt<Ref<vm::Vm>> vm = vm_of(s);
  const bool whole = !s.thread;
  const Result<Opt<Cap<proc::Thread, proc::thread::trace>>> shown = may_trace(who, s);
  const bool permitted = shown.ok();
  const proc::Usage u = whole || !t ? p->usage_self() : (*t)->usage();
  const proc::Usage children = whole ? p->usage_children() : proc::Usage{};
  const Terminal tty = terminal_of(s);
  const Priority pr = priority_of(t);
  const Signals sg = signals_of(s, t);
  const char state = state_of(s);
  const i32 id = s.thread ? (*s.thread)->tid().value : p->pid().value;
  const String name = t ? (*t)->name() : p->leader_name();
  const Instant start = t && s.thread ? (*t)->start_time() : p->start_time();
  ostd::format_to(out, "{} ({}) {} {} {} {} {} {} {} {} {} {} {} ", id, name, state, p->parent_pid().value, p->group().value, p->session().value,
                  tty.device, tty.foreground, p->did_exec() ? 0U : kForkNoExec, u.minor_faults, children.minor_faults,
                  u.major_faults, children.major_faults);
  ostd::format_to(out, "{} {} {} {} {} {} {} 0 {} ", ticks(u.user), ticks(u.system), ticks(children.user), ticks(children.system), pr.priority,
                  pr.nice, p->thread_count() == 0 ? usize{1} : p->thread_count(), start.ns / static_cast<u64>(kTickNs));
  const vm::VmStats m = vm ? (*vm)->stats() : vm::VmStats{};
  const Opt<Cap<vm::Vm, vm::memory::inspect>> memory = permitted && shown.value() ? inspected(*shown.value()) : none;
  const vm::Layout l = memory ? (*memory).layout() : vm::Layout{};
  const u64 hidden = vm && !permitted ? 1 : 0;
  ostd::format_to(out, "{} {} {} {} {} {} 0 0 ", m.total_pages << kPageShift, m.resident_pages, p->limit(proc::Resource::rss).soft,
                  hidden != 0 ? hidden : l.start_code.value, hidden != 0 ? hidden : l.end_code.value, l.start_stack.value);
  ostd::format_to(out, "{} {} {} {} {} 0 0 {} {} {} {} 0 0 0 ", sg.pending & kLowSignals, sg.blocked & kLowSignals, sg.ignored & kLowSignals,
                  sg.caught & kLowSignals, permitted && state != 'R' && state != 'Z' ? 1 : 0,
                  whole ? static_cast<i32>(p->exit_signal().value) : -1, pr.cpu, pr.rt, pr.policy);
  ostd::format_to(out, "{} {} {} {} {} {} {} {}\n", l.start_data.value, l.end_data.value, l.start_brk.value, l.arg_start.value, l.arg_end.value,
                  l.env_start.value, l.env_end.value, permitted && state == 'Z' ? p->exit_status().wait_status : 0);
  return Ok();
}

Status statm(const Subject& s, const Context& who, String& out) {
  TRY(process_of(s));
  const Opt<Ref<vm::Vm>> vm = vm_of(s);
  if (!vm) {
    out.append("0 0 0 0 0 0 0\n");
    return Ok();
  }
  const vm::VmStats m = (*vm)->stats();
  const vm::Resident r = (*vm)->resident();
  ostd::format_to(out, "{} {} {} {} 0 {} 0\n", m.total_pages, m.resident_pages, r.file + r.shared_memory, (*vm)->code_pages(), m.data_pages + m.stack_pages);
  return Ok();
}

}  // namespace svc::procfs
