// SPDX-License-Identifier: MPL-2.0
// Futexes [futex(2)]: one hash table of wait lists, keyed by (vm, address) or (frame, offset); buckets have their own locks.
#pragma once
#include <services/process/caller.h>
#include <services/process/futex_table.h>

namespace svc::proc {

Result<FutexTable::Key> futex_key(const vm::Vm& vm, VirtAddr at, bool private_flag);
// Thread exit: clear_child_tid is zeroed and woken; the robust list is walked (bounded), owners marked dead and woken.
void futex_thread_exit(Caller& c);
// execve: the same towards the old memory, which is about to go.
void futex_exec(Caller& c);

}  // namespace svc::proc
