// SPDX-License-Identifier: MPL-2.0
// Restartable sequences [rseq(2), Linux 6.12]: a thread's area says on which CPU it runs and which sequence of instructions it is in;
// that starts over when the thread lost its CPU or a handler runs meanwhile. Registered, the thread's task kicks itself with
// every switch, so that user::run comes back before any more user code and rseq_resume() is called.
#pragma once
#include <services/process/caller.h>

namespace svc::proc {

// What the area has of this kernel, and how it is to be aligned (AT_RSEQ_FEATURE_SIZE, AT_RSEQ_ALIGN).
inline constexpr u64 kRseqFeatureSize = 28, kRseqAlign = 32;

// Errors: fault.
Status rseq_register(Caller& c, VirtAddr at, u32 length, u32 signature);
Status rseq_unregister(Caller& c);
// The program is replaced: nothing is registered any more.
void rseq_forget(Caller& c);
// The task of a thread starts: what it has of its creator.
void rseq_start(Caller& c);
// Before more user code: when the CPU was lost since the last time, the sequence starts over and the area is brought up to date. What
// cannot be read or written, or makes no sense, is SIGSEGV.
void rseq_resume(Caller& c);
// The same before the handler of this signal runs: it counts as having lost the CPU.
void rseq_before_handler(Caller& c, Signo s);
// Its memory is about to have a second thread: the area says so first.
void rseq_before_sharing(Caller& c);

}  // namespace svc::proc
