// SPDX-License-Identifier: MPL-2.0
// /proc/PID/status.
#include <base/format.h>
#include <services/procfs/process_files.h>
#include <services/procfs/subject.h>

namespace svc::procfs {
namespace {

std::string_view state_name(char c) {
  switch (c) {
    case 'R': return "R (running)";
    case 'T': return "T (stopped)";
    case 't': return "t (tracing stop)";
    case 'Z': return "Z (zombie)";
    default: return "S (sleeping)";
  }
}

void kib(String& out, StaticStr name, u64 pages) { ostd::format_to(out, "{}\t{:>8} kB\n", name, pages << (kPageShift - 10)); }

void ids(const Subject& s, const proc::Process& p, const Opt<Ref<proc::Thread>>& t, String& out) {
  const i32 id = s.thread ? (*s.thread)->tid().value : p.pid().value;
  ostd::format_to(out, "Tgid:\t{}\nNgid:\t0\nPid:\t{}\nPPid:\t{}\nTracerPid:\t{}\n", p.pid().value, id, p.parent_pid().value, t ? (*t)->tracer().value : 0);
  const Opt<Ref<Credentials>> cred = credentials_of(s);
  if (cred) {
    const CredentialValues& c = (*cred)->values();
    ostd::format_to(out, "Uid:\t{}\t{}\t{}\t{}\n", c.uid.value, c.euid.value, c.suid.value, c.fsuid.value);
    ostd::format_to(out, "Gid:\t{}\t{}\t{}\t{}\n", c.gid.value, c.egid.value, c.sgid.value, c.fsgid.value);
  }
  // The size of the table, in the steps in which Linux lets it grow.
  u64 slots = 0;
  if (t && (*t)->umask()) {
    slots = 64;
    for (Opt<fs::Fd> fd = (*t)->next_descriptor(0); fd; fd = (*t)->next_descriptor(fd->value + 1))
      while (slots <= static_cast<u64>(fd->value)) slots *= 2;
  }
  ostd::format_to(out, "FDSize:\t{}\nGroups:\t", slots);
  const Opt<Ref<GroupList>> groups = cred ? (*cred)->values().groups : Opt<Ref<GroupList>>();
  if (groups)
    for (const Gid& g : (*groups)->ids()) ostd::format_to(out, "{} ", g.value);
  if (!groups || (*groups)->ids().empty()) out.append(' ');
  ostd::format_to(out, "\nNStgid:\t{}\nNSpid:\t{}\nNSpgid:\t{}\nNSsid:\t{}\nKthread:\t0\n", p.pid().value, id, p.group().value, p.session().value);
}

void memory(const vm::Vm& vm, String& out) {
  const vm::VmStats m = vm.stats();
  const vm::Resident r = vm.resident();
  const u64 code = vm.code_pages();
  kib(out, "VmPeak:", m.peak_total_pages);
  kib(out, "VmSize:", m.total_pages);
  kib(out, "VmLck:", m.locked_pages);
  kib(out, "VmPin:", 0);
  kib(out, "VmHWM:", m.peak_resident_pages);
  kib(out, "VmRSS:", r.anonymous + r.file + r.shared_memory);
  kib(out, "RssAnon:", r.anonymous);
  kib(out, "RssFile:", r.file);
  kib(out, "RssShmem:", r.shared_memory);
  kib(out, "VmData:", m.data_pages);
  kib(out, "VmStk:", m.stack_pages);
  kib(out, "VmExe:", code);
  kib(out, "VmLib:", m.exec_pages > code ? m.exec_pages - code : 0);
  kib(out, "VmPTE:", m.table_pages);
  kib(out, "VmSwap:", 0);
  kib(out, "HugetlbPages:", 0);
  out.append("CoreDumping:\t0\nTHP_enabled:\t0\nuntag_mask:\t0xffffffffffffffff\n");
}

void signals(const Subject& s, const proc::Process& p, const Opt<Ref<proc::Thread>>& t, String& out) {
  u64 pending = 0, shared = 0, blocked = 0, ignored = 0, caught = 0;
  if (t) {
    pending = (*t)->own_pending().bits;
    blocked = (*t)->blocked().bits;
    shared = p.pending().bits;
    for (u32 n = 1; n <= proc::sig::count; ++n) {
      const u64 h = p.action(Signo{n}).handler;
      if (h == proc::handler::ign) ignored |= 1ULL << (n - 1);
      else if (h != proc::handler::dfl) caught |= 1ULL << (n - 1);
    }
  }
  const u64 queued = t ? s.system->signal_quota(p.real_uid())->used.load() : 0;
  ostd::format_to(out, "SigQ:\t{}/{}\n", queued, p.limit(proc::Resource::sigpending).soft);
  ostd::format_to(out, "SigPnd:\t{:016x}\nShdPnd:\t{:016x}\nSigBlk:\t{:016x}\nSigIgn:\t{:016x}\nSigCgt:\t{:016x}\n", pending, shared, blocked,
                  ignored, caught);
}

// "0-2,5" of a set of CPUs.
void cpu_list(u64 bits, String& out) {
  bool first = true;
  for (u32 i = 0; i < 64; ++i) {
    if ((bits >> i & 1) == 0) continue;
    u32 last = i;
    while (last + 1 < 64 && (bits >> (last + 1) & 1) != 0) ++last;
    if (!first) out.append(',');
    first = false;
    if (last == i) ostd::format_to(out, "{}", i);
    else ostd::format_to(out, "{}-{}", i, last);
    i = last;
  }
}

void cpus(const Opt<Ref<proc::Thread>>& t, String& out) {
  const u64 online = CpuSet::all().bits();
  const u64 set = t && (*t)->started() ? (*t)->affinity().bits() & online : online;
  if (online >> 32 != 0) ostd::format_to(out, "Cpus_allowed:\t{:x},{:08x}\n", set >> 32, set & 0xffff'ffff);
  else ostd::format_to(out, "Cpus_allowed:\t{:x}\n", set);
  out.append("Cpus_allowed_list:\t");
  cpu_list(set, out);
  out.append("\nMems_allowed:\t1\nMems_allowed_list:\t0\n");
}

}  // namespace

Status status(const Subject& s, const Context& who, String& out) {
  const Ref<proc::Process> p = TRY(process_of(s));
  const Opt<Ref<proc::Thread>> t = thread_of(s);
  out.append("Name:\t");
  const String name = t ? (*t)->name() : p->leader_name();
  for (const char c : name.view()) {
    if (c == '\n') out.append("\\n");
    else if (c == '\\') out.append("\\\\");
    else out.append(c);
  }
  out.append('\n');
  const Opt<u32> umask = t ? (*t)->umask() : none;
  if (umask) ostd::format_to(out, "Umask:\t{:04o}\n", *umask);
  ostd::format_to(out, "State:\t{}\n", state_name(state_of(s)));
  ids(s, *p, t, out);
  const Opt<Ref<vm::Vm>> vm = vm_of(s);
  if (vm) memory(**vm, out);
  if (vm) ostd::format_to(out, "CoreDumping:\t{}\n", p->dumping() ? 1 : 0);
  ostd::format_to(out, "Threads:\t{}\n", p->thread_count() == 0 ? usize{1} : p->thread_count());
  signals(s, *p, t, out);
  const Opt<Ref<Credentials>> cred = credentials_of(s);
  if (cred) {
    const CredentialValues& c = (*cred)->values();
    ostd::format_to(out, "CapInh:\t{:016x}\nCapPrm:\t{:016x}\nCapEff:\t{:016x}\nCapBnd:\t{:016x}\nCapAmb:\t{:016x}\nNoNewPrivs:\t{}\n",
                    c.inheritable, c.permitted, c.effective, c.bounding, c.ambient, c.no_new_privs ? 1 : 0);
  }
  out.append("Seccomp:\t0\nSeccomp_filters:\t0\n");
  cpus(t, out);
  const proc::Usage u = t ? (*t)->usage() : p->usage_self();
  ostd::format_to(out, "voluntary_ctxt_switches:\t{}\nnonvoluntary_ctxt_switches:\t{}\n", u.voluntary_switches, u.involuntary_switches);
  return Ok();
}

}  // namespace svc::procfs
