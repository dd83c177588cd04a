// SPDX-License-Identifier: MPL-2.0
// AddressSpace::Core: what common and target keep for one address space.
#pragma once
#include <base/atomic.h>
#include <common/range_lock.h>
#include <new>
#include <ostd/address_space.h>
#include <ostd/target/cpu.h>

namespace ostd {

struct AddressSpace::Core {
  u64 root = 0;                     // frame number of the top table; the kernel target fills its upper half in address_space_init
  bool root_recycled = false;       // its upper half is what address_space_init made of an earlier one
  // A translation may be cached (TLB; host: mapped in the stub) only when its entry has this bit; address_space_init may change
  // it. The default is the accessed bit, which processors set before they cache anything [sdm3 4.10.2].
  u64 cached_bit = 1 << 5;
  common::RangeLock ranges{};       // held by Cursors
  // The target wants to know when programs use these addresses. `noted` has a bit for each 16 MiB (modulo 64 GiB) in which there
  // ever was an area; a range is published before it is looked at, an area the other way round, so that one sees the other.
  static constexpr u32 kWatched = 32;
  VirtRange watched[kWatched] = {};  // added under a lock of the target
  Atomic<u32> watched_count{0};
  Atomic<u32> watched_used{0};      // note_area() was called for a part of one
  Atomic<u64> noted[64]{};
  Atomic<u64> active{0};            // CPUs whose TLB may hold entries: for the target
  Atomic<u64> generation{0};        // rises with every change that needs a flush, before tlb_flush()
  Atomic<u32> flushes{0};           // Cursors that have unlocked and not yet flushed
  Atomic<usize> resident{0};        // pages mapped
  Atomic<usize> tables{0};          // table frames, the root included
  Atomic<u32> has_handler{0};
  Weak<FaultHandler> handler{};     // fixed once has_handler is set
  alignas(16) u8 target_data[192] = {};

  // False: programs use or have used the neighbourhood, or there are too many. Requires: the target's lock.
  bool watch(VirtRange r);
};

namespace common {
// target_data() for paths where a call counts.
inline target::AddressSpaceData& target_part(AddressSpace::Core& as) {
  // SAFETY: made in AddressSpace::create().
  return *std::launder(reinterpret_cast<target::AddressSpaceData*>(as.target_data));
}
}  // namespace common

}  // namespace ostd
