// SPDX-License-Identifier: MPL-2.0
// Futexes [futex(2)]: one hash table of wait lists, keyed by (vm, address) or (frame, offset); buckets have their own locks.
#pragma once
#include <services/process/caller.h>

namespace svc::proc {

class FutexTable final : public RefCounted {
 public:
  FutexTable();
  ~FutexTable() override;
  struct Key { u64 space = 0; u64 at = 0; bool operator==(const Key&) const = default; };
  // Wakes up to n waiters whose bitset meets `bits`; how many.
  usize wake(const Key& key, usize n, u32 bits) const;
  struct Core;
  const Core& core() const [[clang::lifetimebound]] { return *core_; }

 private:
  Own<Core> core_;
};

Result<FutexTable::Key> futex_key(const vm::Vm& vm, VirtAddr at, bool private_flag);
// Thread exit: clear_child_tid is zeroed and woken; the robust list is walked (bounded), owners marked dead and woken.
void futex_thread_exit(Caller& c);
// execve: the same towards the old memory, which is about to go.
void futex_exec(Caller& c);

}  // namespace svc::proc
