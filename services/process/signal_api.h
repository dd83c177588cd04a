// SPDX-License-Identifier: MPL-2.0
// Sending and delivering signals: what the rest of services/process and the system calls use.
#pragma once
#include <services/process/caller.h>

namespace svc::proc {

// ---- sending (signal_send.cpp; most by Process::Calls). None of these sleeps; all may be called under kProcessTree. ----
// Keeps room for a timer's signals: to the thread, or to the process; sends one (false: it is ignored and was dropped); takes
// back what is pending and the room.
void prepare_timer(CapRef<Process, process::signal> to, const Opt<Ref<Thread>>& thread);
bool send_of_timer(CapRef<Process, process::signal> to, const Opt<Ref<Thread>>& thread, const SigInfo& info);
void forget_timer(CapRef<Process, process::signal> to, const Opt<Ref<Thread>>& thread, i32 id);
// A synchronous fault of the caller: delivered even if blocked or ignored (then the process dies), as Linux's force_sig does.
void force(Caller& c, const SigInfo& info);
// A signal frame cannot be made or read: SIGSEGV that cannot be caught when it was SIGSEGV that failed.
void force_segv(Caller& c, Signo failed);
// A new action drops what is pending of an ignored signal.
void discard_pending(CapRef<Process, process::self> p, Signo s);
// A thread ends: what it was to take for its process goes to another thread; a stop may be complete without it.
void signals_thread_exit(CapRef<Process, process::self> p);

// ---- delivering (signal_deliver.cpp) ----
// Called on the way to user mode when the thread is disturbed or a system call returned a restart code. Clears the disturbance,
// handles stop, default actions (begin_exit on termination), sets up a handler's frame or restarts the call. `in_syscall`: the
// registers are those right after a system call with number `number`.
struct SyscallOrigin { bool in_syscall = false; u64 number = 0; };
void handle_signals(Caller& c, SyscallOrigin origin);
// -ERESTARTSYS (512), -ERESTARTNOINTR, -ERESTARTNOHAND or -ERESTART_RESTARTBLOCK (516) as an unsigned register.
constexpr bool is_restart_code(u64 rax) { return rax >= ~516ULL + 1 && rax <= ~512ULL + 1 && rax != ~515ULL + 1; }
// Every thread of a stopped process sleeps: the last one tells the parent.
void check_stop_complete(CapRef<Process, process::self> p);

// ---- frames (signal_frame.cpp) ----
// Registers and user stack as the handler expects them. Errors: fault (no room on the stack, no restorer), out_of_memory.
Status push_frame(Caller& c, const SigInfo& info, const SigAction& action, SigSet mask_to_restore);
// rt_sigreturn: registers and mask from the frame on the user stack; a bad frame is SIGSEGV.
void sigreturn(Caller& c);
// Bytes a signal frame needs on the user stack with this size of FPU state (AT_MINSIGSTKSZ).
u64 signal_frame_size(usize fpu_size);
bool on_alt_stack(const Thread::AltStack& a, u64 sp);
// sigaltstack(2): errors not_permitted (running on it), invalid_argument, out_of_memory (too small).
Status change_alt_stack(CapRef<Thread, thread::self> t, const Thread::AltStack& a, u64 sp);

// ---- waiting ----
// sigtimedwait(2), signalfd: takes a pending signal of `wanted` for this thread (its own first).
Opt<SigInfo> take_pending(CapRef<Thread, thread::self> t, CapRef<Process, process::own> p, SigSet wanted);
// Temporary mask for the time of one call (ppoll, pselect, epoll_pwait, sigsuspend): handle_signals restores it.
void set_temporary_mask(CapRef<Thread, thread::self> t, SigSet mask);
// The call ended without a signal: the saved mask comes back now.
void restore_mask(CapRef<Thread, thread::self> t);
// Exec: POSIX timers go, interval timers stay. Exit: all go.
void flush_timers(CapRef<Process, process::own> p);
void end_timers(CapRef<Process, process::own> p);

}  // namespace svc::proc
