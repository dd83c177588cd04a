// SPDX-License-Identifier: MPL-2.0
// A thread's registers in the forms that ptrace(2) and core files have: struct user_regs_struct, FXSAVE, XSAVE.
#pragma once
#include <base/array.h>
#include <ostd/user.h>
#include <services/base/ids.h>

namespace svc::proc {

inline constexpr usize kRegCount = 27;
struct RawRegs { Array<u64, kRegCount> v{}; };
inline constexpr u64 kUserCs = 0x33, kUserSs = 0x2b;
inline constexpr usize kFxsave = 512, kSoftware = 464;   // in an XSAVE area: the part of FXSAVE; bytes for software

// call: the system call that the thread is in, or -1.
RawRegs raw_regs(const UserRegs& r, i64 call);
// Tells in the bytes for software what the system has enabled; nothing where there is no XSAVE.
void put_features(std::span<u8> fpu, u64 features);

}  // namespace svc::proc
