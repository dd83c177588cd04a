// SPDX-License-Identifier: MPL-2.0
// fork, vfork, clone, clone3 [clone(2)].
#pragma once
#include <services/process/caller.h>

namespace svc::proc {

namespace cloneflag {
inline constexpr u64 csignal = 0xff, vm = 0x100, fs = 0x200, files = 0x400, sighand = 0x800, pidfd = 0x1000, ptrace = 0x2000, vfork = 0x4000,
    parent = 0x8000, thread = 0x10000, newns = 0x20000, sysvsem = 0x40000, settls = 0x80000, parent_settid = 0x100000,
    child_cleartid = 0x200000, detached = 0x400000, untraced = 0x800000, child_settid = 0x1000000, newcgroup = 0x2000000,
    newuts = 0x4000000, newipc = 0x8000000, newuser = 0x10000000, newpid = 0x20000000, newnet = 0x40000000, io = 0x80000000,
    clear_sighand = 0x1'0000'0000, into_cgroup = 0x2'0000'0000, newtime = 0x80;
inline constexpr u64 namespaces = newns | newcgroup | newuts | newipc | newuser | newpid | newnet;
}  // namespace cloneflag

struct CloneArgs {
  u64 flags = 0;
  VirtAddr pidfd{}, child_tid{}, parent_tid{};
  u32 exit_signal = 0;
  u64 stack = 0;      // initial stack pointer; 0: the parent's
  u64 tls = 0;
};

// The new thread's id. Errors: invalid_argument (flags that do not go together, or not supported here), again (process limit),
// out_of_memory. With vfork: sleeps (killable) until the child has exec'd or ended.
Result<Pid> clone(Caller& c, const CloneArgs& a);

}  // namespace svc::proc
