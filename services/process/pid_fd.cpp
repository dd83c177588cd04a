// SPDX-License-Identifier: MPL-2.0
// pidfd: readiness and what /proc says of it.
#include <base/format.h>
#include <services/process/groups.h>
#include <services/process/pid_fd.h>
#include <services/process/tree.h>

namespace svc::proc {

// A leader's number passes to the thread that execs: who has it now is asked each time.
Fate PidFd::fate() const {
  if (member_) return (*member_)->gone() ? Fate::reaped : Fate::alive;
  const Fate f = process_->fate();
  if (f != Fate::alive || !thread_) return f;
  return process_->leader() ? Fate::alive : Fate::zombie;
}

Opt<Ref<Thread>> PidFd::thread() const {
  if (member_) return (*member_)->gone() ? Opt<Ref<Thread>>() : member_;
  return process_->leader();
}

PollEvents PidFd::poll() const {
  switch (fate()) {
    case Fate::alive: return PollEvents{};
    case Fate::zombie: return poll::readable;
    case Fate::reaped: return poll::readable | poll::hup;
  }
  return PollEvents{};
}

String PidFd::fdinfo() const {
  const i32 n = fate() == Fate::reaped ? -1 : id().value;
  String s{};
  ostd::format_to(s, "Pid:\t{}\nNSpid:\t{}\n", n, n);
  return s;
}

Result<Ref<PidFd>> open_pid(const ProcessTree& tree, Pid id, u32 flags) {
  Opt<Ref<Process>> p = tree.process(id);
  if (p) return make_ref<PidFd>(*std::move(p), flags);
  Opt<Ref<Thread>> t = tree.thread(id);
  if (t && (flags & PidFd::kThread) != 0) return make_ref<PidFd>(*std::move(t), flags);
  return t || tree.find_group(id) ? Errc::invalid_argument : Errc::no_process;
}

}  // namespace svc::proc
