// SPDX-License-Identifier: MPL-2.0
// Context of the machine before there is a process: root's rights, no terminal.
#pragma once
#include <services/base/job_control.h>

namespace svc::boot {

class FirstContext final : public Context {
 public:
  FirstContext(Ref<Credentials> c, Pid pid) : cred_(std::move(c)), pid_(pid), space_(AddressSpace::create()) {}
  // Nothing that runs before the first program touches user memory; an empty address space answers fault.
  const AddressSpace& address_space() const [[clang::lifetimebound]] override { return *space_.value(); }
  const Credentials& credentials() const [[clang::lifetimebound]] override { return *cred_; }
  Pid process_id() const override { return pid_; }
  Pid thread_id() const override { return pid_; }
  Opt<Ref<SessionRef>> session() const override { return none; }
  bool session_leader() const override { return false; }
  Opt<Ref<ProcessGroupRef>> process_group() const override { return none; }
  Opt<Ref<ProcessGroupRef>> find_group(Pid) const override { return none; }
  bool signal_ignored_or_blocked(Signo) const override { return true; }
  void signal_self(Signo) const override {}
  u64 file_size_limit() const override { return ~0ULL; }

 private:
  Ref<Credentials> cred_;
  Pid pid_;
  Result<Ref<AddressSpace>> space_;
};

}  // namespace svc::boot
