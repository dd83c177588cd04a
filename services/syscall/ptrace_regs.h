// SPDX-License-Identifier: MPL-2.0
// A stopped thread's registers in the forms that ptrace(2) and core files have: struct user_regs_struct, struct user, FXSAVE, XSAVE.
#pragma once
#include <services/process/process.h>

namespace svc::sys {

inline constexpr usize kRegCount = 27;
struct RawRegs { Array<u64, kRegCount> v{}; };
inline constexpr usize kFxsave = 512;

RawRegs raw_regs(const proc::Tracee::View& v);
// One register, by its place. Errors: io (a value that it cannot have).
Status set_raw_reg(proc::Tracee::View& v, usize index, u64 value);
// struct user by offset. Errors: io; set_user_word: invalid_argument, no_space too (debug registers).
Result<u64> user_word(const proc::Tracee& t, u64 offset);
Status set_user_word(const proc::Tracee& t, u64 offset, u64 value);
// NT_PRFPREG and NT_X86_XSTATE. Errors: invalid_argument (a state that the processor would not take), out_of_memory.
Result<Vec<u8>> fpu_state(const proc::Tracee& t, u64 features);
Status set_fpu_state(const proc::Tracee& t, std::span<const u8> from);

}  // namespace svc::sys
