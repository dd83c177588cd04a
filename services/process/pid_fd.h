// SPDX-License-Identifier: MPL-2.0
// pidfd [pidfd_open(2)]: a descriptor that stays with one process, or one thread, whatever becomes of its number. It gives no rights:
// Access (access.h) asks at each use who wants what. Readiness tells of the end.
#pragma once
#include <services/fs/file.h>
#include <services/process/process.h>

namespace svc::proc {

class ProcessTree;

class PidFd final : public fs::File {
 public:
  static constexpr u32 kThread = fs::oflag::excl;  // PIDFD_THREAD, which F_GETFL shows
  // Of a process, or with kThread of its leader.
  PidFd(Ref<Process> p, u32 flags) : File(fs::oflag::rdwr | flags), thread_((flags & kThread) != 0), process_(std::move(p)) {}
  // Of another thread.
  PidFd(Ref<Thread> t, u32 flags) : File(fs::oflag::rdwr | flags | kThread), thread_(true), process_(t->process()), member_(std::move(t)) {}
  const Ref<Process>& process() const [[clang::lifetimebound]] { return process_; }
  bool of_thread() const { return thread_; }
  Pid id() const { return member_ ? (*member_)->tid() : process_->pid(); }
  Fate fate() const;
  // The thread, or some living one of the process. Nothing: there is none any more.
  Opt<Ref<Thread>> thread() const;
  PollEvents poll() const override;
  void poll_add(Ref<WaitHook> hook) const override { process_->add_exit_hook(std::move(hook)); }
  void poll_remove(const WaitHook& hook) const override { process_->remove_exit_hook(hook); }
  String fdinfo() const override;
  String link_text() const override { return String("anon_inode:[pidfd]"); }

 private:
  bool thread_;
  Ref<Process> process_;
  Opt<Ref<Thread>> member_{};
};

// Errors: invalid_argument (a number that is not a process's, or thread's with kThread), no_process.
Result<Ref<PidFd>> open_pid(const ProcessTree& tree, Pid id, u32 flags);

}  // namespace svc::proc
