// SPDX-License-Identifier: MPL-2.0
// comm, limits, oom_score and other small files of a process.
#include <base/format.h>
#include <services/procfs/process_files.h>
#include <services/procfs/subject.h>

namespace svc::procfs {
namespace {

struct LimitName { StaticStr name; StaticStr unit; };
constexpr Array kLimits{LimitName{"Max cpu time", "seconds"}, LimitName{"Max file size", "bytes"}, LimitName{"Max data size", "bytes"},
    LimitName{"Max stack size", "bytes"}, LimitName{"Max core file size", "bytes"}, LimitName{"Max resident set", "bytes"},
    LimitName{"Max processes", "processes"}, LimitName{"Max open files", "files"}, LimitName{"Max locked memory", "bytes"},
    LimitName{"Max address space", "bytes"}, LimitName{"Max file locks", "locks"}, LimitName{"Max pending signals", "signals"},
    LimitName{"Max msgqueue size", "bytes"}, LimitName{"Max nice priority", ""}, LimitName{"Max realtime priority", ""},
    LimitName{"Max realtime timeout", "us"}};
static_assert(kLimits.size() == static_cast<usize>(proc::Resource::count_));

void limit_value(u64 v, String& out) {
  if (v == ~0ULL) ostd::format_to(out, "{:<20} ", "unlimited");
  else ostd::format_to(out, "{:<20} ", v);
}

i32 adj_of(const proc::Process& p) { return static_cast<i32>(static_cast<i64>(p.oom_score_adj() ^ 0x8000'0000U) - 0x8000'0000LL); }

}  // namespace

Status comm(const Subject& s, const Context& who, String& out) {
  const Ref<proc::Process> p = TRY(process_of(s));
  const Opt<Ref<proc::Thread>> t = thread_of(s);
  out.append(t ? (*t)->name() : p->leader_name());
  out.append('\n');
  return Ok();
}

// Only threads of the same process may rename a thread.
Status set_comm(const Subject& s, const Context& who, std::string_view name) {
  const Ref<proc::Process> p = TRY(process_of(s));
  const Opt<Ref<proc::Thread>> t = thread_of(s);
  if (p->pid() != who.process_id()) return Errc::invalid_argument;
  if (!t) return Errc::no_process;
  TRY(proc::Access::sibling(who, *t)).set_name(name.substr(0, name.find('\0')));
  return Ok();
}

Status limits(const Subject& s, const Context& who, String& out) {
  const Ref<proc::Process> p = TRY(process_of(s));
  ostd::format_to(out, "{:<25} {:<20} {:<20} {:<10}\n", "Limit", "Soft Limit", "Hard Limit", "Units");
  for (usize i = 0; i < kLimits.size(); ++i) {
    const proc::ResourceLimit l = p->limit(static_cast<proc::Resource>(i));
    ostd::format_to(out, "{:<25} ", kLimits[i].name);
    limit_value(l.soft, out);
    limit_value(l.hard, out);
    if (!kLimits[i].unit.empty()) ostd::format_to(out, "{:<10}", kLimits[i].unit);
    out.append('\n');
  }
  return Ok();
}

// The share of memory in thousandths, moved by the adjustment, scaled to 0..2000 as Linux does.
Status oom_score(const Subject& s, const Context& who, String& out) {
  const Ref<proc::Process> p = TRY(process_of(s));
  const Opt<Ref<vm::Vm>> vm = vm_of(s);
  const i64 total = static_cast<i64>(mem::stats().total_pages);
  const i64 adj = adj_of(*p);
  i64 score = 0;
  if (vm && total != 0 && adj != -1000) {
    const vm::VmStats m = (*vm)->stats();
    const i64 points = static_cast<i64>(m.resident_pages + m.table_pages) + adj * (total / 1000);
    score = (1000 + points * 1000 / total) * 2 / 3;
  }
  ostd::format_to(out, "{}\n", score > 0 ? score : 0);
  return Ok();
}

Status oom_score_adj(const Subject& s, const Context& who, String& out) {
  const Ref<proc::Process> p = TRY(process_of(s));
  ostd::format_to(out, "{}\n", adj_of(*p));
  return Ok();
}

Status set_oom_score_adj(const Subject& s, const Context& who, std::string_view text) {
  const Ref<proc::Process> p = TRY(process_of(s));
  const Opt<i64> v = parse_signed(text);
  if (!v || *v < -1000 || *v > 1000) return Errc::invalid_argument;
  const i32 now = adj_of(*p);
  TRY(proc::Access::adjust(who, p, now, static_cast<i32>(*v))).set_oom_score_adj(static_cast<u32>(static_cast<u64>(*v) & 0xffff'ffff));
  return Ok();
}

// A zombie has none.
Status coredump_filter(const Subject& s, const Context& who, String& out) {
  const Ref<proc::Process> p = TRY(process_of(s));
  if (vm_of(s)) ostd::format_to(out, "{:08x}\n", p->core_filter());
  return Ok();
}

// A number as in C, with at most one newline behind it. Errors: invalid_argument, range (more than 32 bits).
Status set_coredump_filter(const Subject& s, const Context& who, std::string_view text) {
  constexpr u32 kKnown = 0x1ff;
  const Ref<proc::Process> p = TRY(process_of(s));
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  u64 base = 10, n = 0;
  if (text.size() > 1 && text[0] == '0') {
    const bool hex = (text[1] | 0x20) == 'x';
    base = hex ? 16 : 8;
    text.remove_prefix(hex ? 2 : 1);
  }
  if (text.empty()) return Errc::invalid_argument;
  for (const char c : text) {
    const char low = static_cast<char>(c | 0x20);
    const u64 digit = c >= '0' && c <= '9' ? static_cast<u64>(c - '0') : low >= 'a' && low <= 'f' ? static_cast<u64>(low - 'a' + 10) : base;
    if (digit >= base) return Errc::invalid_argument;
    n = n * base + digit;
    if (n > 0xffff'ffff) return Errc::out_of_range;
  }
  if (!vm_of(s)) return Errc::no_process;
  TRY(proc::Access::adjust(who, p, 0, 0)).set_core_filter(static_cast<u32>(n & kKnown));
  return Ok();
}

Status personality(const Subject& s, const Context& who, String& out) {
  TRY(process_of(s));
  const Result<Opt<Cap<proc::Thread, proc::thread::trace>>> t = may_trace(who, s);
  if (!t.ok()) return Errc::not_permitted;
  ostd::format_to(out, "{:08x}\n", t.value() ? (*t.value()).personality() : 0U);
  return Ok();
}

// There are no control groups yet: all processes are in the root of the one hierarchy.
Status cgroup(const Subject& s, const Context& who, String& out) {
  TRY(process_of(s));
  out.append("0::/\n");
  return Ok();
}

Status wchan(const Subject& s, const Context& who, String& out) {
  TRY(process_of(s));
  out.append('0');
  return Ok();
}

}  // namespace svc::procfs
