// SPDX-License-Identifier: MPL-2.0
// Signals of the OS process: requests to end (terminal restored first), window size, and crashes of the OS itself, which
// become a panic. Handled on the event thread only; all other threads block them, so OS code never sees EINTR from them.
#pragma once
#include <base/types.h>

namespace ostd::host {

// Installs the handlers. resized() is called in a signal handler. before_end() too, before the process dies of the signal.
void signals_start(void (*resized)(), void (*before_end)());
// Lets this thread take the asynchronous ones.
void signals_take();
// Gives this thread a stack for crash handlers (its own may have overflowed).
void signals_crash_stack();
// Ends the process at once with that status.
[[noreturn]] void end_process(int status);

// Where the OS itself crashed, for the backtrace: the instruction and the frame pointer. Zeros until then.
struct CrashSite { u64 ip = 0, bp = 0; };
CrashSite crash_site();
}  // namespace ostd::host
