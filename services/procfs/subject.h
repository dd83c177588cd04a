// SPDX-License-Identifier: MPL-2.0
// Who a file is about, and who may see it. [ptrace(2) "Ptrace access mode checking"]
#pragma once
#include <services/procfs/entry.h>

namespace svc::procfs {

// Whether the process (thread) still has its number.
bool alive(const Subject& s);
// The thread itself; for a process its leader. Nothing: it has ended.
Opt<Ref<proc::Thread>> thread_of(const Subject& s);
// no_process once the number is free again.
Result<Ref<proc::Process>> process_of(const Subject& s);
// Its statistics. Nothing: a zombie.
Opt<Ref<vm::Vm>> vm_of(const Subject& s);
Opt<Ref<Credentials>> credentials_of(const Subject& s);
// The thread, for who may trace it; nothing: it has ended. Errors: access_denied, no_process.
Result<Opt<Cap<proc::Thread, proc::thread::trace>>> may_trace(const Context& who, const Subject& s);
// Owner of the files: the effective ids, or root for a process that must not be dumped. Directories always show the ids.
struct Owner { Uid uid{}; Gid gid{}; };
Owner owner_of(const Subject& s, bool directory);
// A decimal number without leading zeros or sign, at most 2^31 - 1.
Opt<i32> parse_number(std::string_view s);
// The same with a sign, blanks before it and a newline behind allowed.
Opt<i64> parse_signed(std::string_view s);
// Digits only, at most 2^64 - 1.
Opt<u64> parse_unsigned(std::string_view s);

}  // namespace svc::procfs
