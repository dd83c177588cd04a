// SPDX-License-Identifier: MPL-2.0
// Where a traced thread stops for its tracer. Each is called by the thread itself, only with watch::ptraced set.
#pragma once
#include <services/process/caller.h>
#include <services/process/signal_api.h>

namespace svc::proc {

// A signal is about to be delivered: what the tracer makes of it.
Opt<SigInfo> trace_signal(Caller& c, SyscallOrigin& origin, const SigInfo& i);
// A group stop, PTRACE_INTERRUPT, or news of the group for a seized thread.
void trace_trap(Caller& c, SyscallOrigin& origin);
// fork, exec and so on, if the tracer wants to know.
void trace_event(Caller& c, TraceEvent e, u64 message);
bool trace_wants(const Caller& c, TraceEvent e);
// Around a system call. The number that is to be run; nothing: none.
Opt<u64> trace_call_entry(Caller& c);
void trace_call_exit(Caller& c);
// A handler's frame was made while single stepping.
void trace_handler_entry(Caller& c, SyscallOrigin& origin);
// user::run for one instruction.
UserEvent run_step(Caller& c);
// What a new thread of a traced one starts with: nothing when it is not to be traced.
Opt<Ref<Tracee>> tracee_for_child(Caller& c, const Tracee& mine);

}  // namespace svc::proc
