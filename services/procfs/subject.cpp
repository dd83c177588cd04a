// SPDX-License-Identifier: MPL-2.0
#include <services/procfs/subject.h>

namespace svc::procfs {

bool alive(const Subject& s) {
  if (!s.process) return true;
  const proc::ProcessTree& tree = s.system->tree();
  if (s.thread) {
    const Opt<Ref<proc::Thread>> t = tree.thread((*s.thread)->tid());
    if (t) return t->same(*s.thread);
    // The leader stays until its process is collected.
    if ((*s.thread)->tid() != (*s.process)->pid()) return false;
  }
  const Opt<Ref<proc::Process>> p = tree.process((*s.process)->pid());
  return p && p->same(*s.process);
}

Opt<Ref<proc::Thread>> thread_of(const Subject& s) {
  if (!s.thread) return s.process ? (*s.process)->leader() : Opt<Ref<proc::Thread>>();
  const Opt<Ref<proc::Thread>> t = s.system->tree().thread((*s.thread)->tid());
  return t && t->same(*s.thread) ? s.thread : Opt<Ref<proc::Thread>>();
}

Result<Ref<proc::Process>> process_of(const Subject& s) {
  if (!s.process || !alive(s)) return Errc::no_process;
  return *s.process;
}

Opt<Ref<vm::Vm>> vm_of(const Subject& s) {
  const Opt<Ref<proc::Thread>> t = thread_of(s);
  return t ? (*t)->vm() : Opt<Ref<vm::Vm>>();
}

Opt<Ref<Credentials>> credentials_of(const Subject& s) {
  if (!s.process) return none;
  const Opt<Ref<proc::Thread>> t = thread_of(s);
  return t ? Opt<Ref<Credentials>>((*t)->credentials()) : (*s.process)->leader_credentials();
}

Result<Opt<Cap<proc::Thread, proc::thread::trace>>> may_trace(const Context& who, const Subject& s) {
  const Ref<proc::Process> p = TRY(process_of(s));
  const Opt<Ref<proc::Thread>> t = thread_of(s);
  if (t) return Opt<Cap<proc::Thread, proc::thread::trace>>(TRY(proc::Access::trace(who, *t, proc::Access::Ids::files)));
  TRY(proc::Access::trace_ended(who, *p));
  return Opt<Cap<proc::Thread, proc::thread::trace>>();
}

Owner owner_of(const Subject& s, bool directory) {
  const Opt<Ref<Credentials>> cred = credentials_of(s);
  if (!cred) return {};
  const bool shown = directory || (vm_of(s) && (*s.process)->dumpable());
  if (!shown) return {};
  return {(*cred)->values().euid, (*cred)->values().egid};
}

Opt<u64> parse_unsigned(std::string_view s) {
  if (s.empty()) return none;
  u64 n = 0;
  for (const char c : s) {
    if (c < '0' || c > '9') return none;
    const u64 digit = static_cast<u64>(c - '0');
    if (n > (~0ULL - digit) / 10) return none;
    n = n * 10 + digit;
  }
  return n;
}

Opt<i32> parse_number(std::string_view s) {
  if (s.size() > 1 && s[0] == '0') return none;
  const Opt<u64> n = parse_unsigned(s);
  return n && *n <= INT32_MAX ? Opt<i32>(static_cast<i32>(*n)) : Opt<i32>();
}

Opt<i64> parse_signed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == '\n' || s.back() == ' ' || s.back() == '\0')) s.remove_suffix(1);
  const bool negative = !s.empty() && s.front() == '-';
  if (negative) s.remove_prefix(1);
  const Opt<u64> n = parse_unsigned(s);
  if (!n || *n > INT64_MAX) return none;
  return negative ? -static_cast<i64>(*n) : static_cast<i64>(*n);
}

}  // namespace svc::procfs
