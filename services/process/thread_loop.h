// SPDX-License-Identifier: MPL-2.0
// The life of a user thread: run user code, serve what it asks for, deliver signals, end.
#pragma once
#include <services/process/caller.h>

namespace svc::proc {

// Starts the task of a new thread. Errors: out_of_memory, again.
Status start_thread(Cap<Thread, thread::all> t, Cap<Process, process::all> p, UserContext ctx, TaskOptions options = {});

// Ends the calling thread's use of everything; the last one ends the process.
void exit_thread(Caller& c);
// A session leader ends: its terminal is taken away from the session.
void disassociate_terminal(const Process& leader, const System& system);

}  // namespace svc::proc
