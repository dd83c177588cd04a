// SPDX-License-Identifier: MPL-2.0
// A stopped thread's registers as its tracer sees and changes them [ptrace(2)]: struct user, FXSAVE, XSAVE.
#pragma once
#include <services/process/process.h>
#include <services/process/raw_regs.h>

namespace svc::sys {

using proc::kFxsave, proc::kRegCount, proc::RawRegs;

// One register, by its place. Errors: io (a value that it cannot have).
Status set_raw_reg(proc::Tracee::View& v, usize index, u64 value);
// struct user by offset. Errors: io; set_user_word: invalid_argument, no_space too (debug registers).
Result<u64> user_word(const proc::Tracee& t, u64 offset);
Status set_user_word(const proc::Tracee& t, u64 offset, u64 value);
// NT_PRFPREG and NT_X86_XSTATE. Errors: invalid_argument (a state that the processor would not take), out_of_memory.
Result<Vec<u8>> fpu_state(const proc::Tracee& t, u64 features);
Status set_fpu_state(const proc::Tracee& t, std::span<const u8> from);

}  // namespace svc::sys
