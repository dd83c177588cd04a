// SPDX-License-Identifier: MPL-2.0
// The table of futex wait lists [futex(2)], keyed by (vm, address) or (frame, offset); buckets have their own locks.
#pragma once
#include <base/own.h>
#include <services/base/ids.h>

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

}  // namespace svc::proc
