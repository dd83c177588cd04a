// SPDX-License-Identifier: MPL-2.0
// The table of all system calls: every number Linux 6.12 knows on x86-64 has a name; those with a handler are in a family's list.
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

inline constexpr usize kSyscallNumbers = 470;
// The entry for a number; state absent when there is no handler (ENOSYS).
const Entry& lookup(u64 number);
void for_each_entry(FnRef<void(const Entry&)> f);
// One system call of the caller: reads the registers, reserves, runs the handler, stores the result (unless
// registers_replaced). Restart codes are stored negated for the signal code to see.
void dispatch(Caller& c);

}  // namespace svc::sys
