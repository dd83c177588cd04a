// SPDX-License-Identifier: MPL-2.0
// System calls on signals: actions, masks, waiting, sending.
#pragma once
#include <services/process/signal_frame.h>
#include <services/syscall/entry.h>
#include <services/syscall/sys_dirs.h>

namespace svc::sys {

struct MaskHowNames {
  static std::span<const FlagName> names();
  static constexpr StaticStr zero() { return "SIG_BLOCK"; }
};

SysResult sys_rt_sigaction(Caller& c, Signo s, UserPtr<proc::SigAction> act, UserPtr<proc::SigAction> old, u64 size);
SysResult sys_rt_sigprocmask(Caller& c, Flags<MaskHowNames> how, UserPtr<u64> set, UserPtr<u64> old, u64 size);
SysResult sys_rt_sigreturn(Caller& c);
SysResult sys_rt_sigpending(Caller& c, UserPtr<u64> set, u64 size);
SysResult sys_rt_sigtimedwait(Caller& c, UserPtr<u64> set, UserPtr<proc::RawSigInfo> info, UserPtr<UserTimespec> timeout, u64 size);
SysResult sys_rt_sigsuspend(Caller& c, UserPtr<u64> set, u64 size);
SysResult sys_pause(Caller& c);
SysResult sys_sigaltstack(Caller& c, UserPtr<proc::UserStack> stack, UserPtr<proc::UserStack> old);
SysResult sys_restart_syscall(Caller& c);
SysResult sys_kill(Caller& c, Pid pid, Signo s);
SysResult sys_tkill(Caller& c, Pid tid, Signo s);
SysResult sys_tgkill(Caller& c, Pid pid, Pid tid, Signo s);
SysResult sys_rt_sigqueueinfo(Caller& c, Pid pid, Signo s, UserPtr<proc::RawSigInfo> info);
SysResult sys_rt_tgsigqueueinfo(Caller& c, Pid pid, Pid tid, Signo s, UserPtr<proc::RawSigInfo> info);

inline constexpr Array k_signals_calls{
    entry<sys_rt_sigaction>(13, "rt_sigaction", 0),
    entry<sys_rt_sigprocmask>(14, "rt_sigprocmask", 0),
    entry<sys_rt_sigreturn>(15, "rt_sigreturn", 0).never_fails("a bad frame ends the program"),
    entry<sys_rt_sigpending>(127, "rt_sigpending", 0),
    entry<sys_rt_sigtimedwait>(128, "rt_sigtimedwait", 0).waiting(),
    entry<sys_rt_sigsuspend>(130, "rt_sigsuspend", 0).waiting().never_succeeds("it ends by a signal only"),
    entry<sys_pause>(34, "pause", 0).waiting().never_succeeds("it ends by a signal only").never_fails("it ends by a signal only"),
    entry<sys_sigaltstack>(131, "sigaltstack", 0),
    entry<sys_restart_syscall>(219, "restart_syscall", 2).waiting(),
    entry<sys_kill>(62, "kill", 2),
    entry<sys_tkill>(200, "tkill", 2),
    entry<sys_tgkill>(234, "tgkill", 2),
    entry<sys_rt_sigqueueinfo>(129, "rt_sigqueueinfo", 2),
    entry<sys_rt_tgsigqueueinfo>(297, "rt_tgsigqueueinfo", 2),
};

}  // namespace svc::sys
