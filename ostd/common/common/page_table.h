// SPDX-License-Identifier: MPL-2.0
// The page table: four levels in the format of x86-64 [sdm3 4.5] on both targets. On bare metal the processor walks it; the host
// target fills its stub processes from it. Tables are typed frames.
//
// Entries change under the range lock of a Cursor, but may be read at any time: by processors, and by software under a WalkGuard.
// All accesses are therefore atomic, and others may set accessed, dirty and mapped bits of a present entry at any moment.
// What an entry pointed to is freed only after target::tlb_flush() and wait_for_walkers().
#pragma once
#include <common/address_space_core.h>
#include <common/frame_alloc.h>
#include <common/mem_cpu.h>

namespace ostd::common {

inline constexpr u64 kPtePresent = 1 << 0;
inline constexpr u64 kPteWrite = 1 << 1;
inline constexpr u64 kPteUser = 1 << 2;
inline constexpr u64 kPteAccessed = 1 << 5;
inline constexpr u64 kPteDirty = 1 << 6;
inline constexpr u64 kPteMapped = 1 << 9;   // host: the stub process has it mapped
inline constexpr u64 kPteHeld = 1 << 10;    // not present, but the entry owns a share of a frame (no rights)
inline constexpr u64 kPteFolio = 1 << 11;   // of a folio of more than one page: its head counts the shares
inline constexpr u64 kPteNoExec = 1ULL << 63;
inline constexpr u64 kPteAddress = 0x000f'ffff'ffff'f000;
inline constexpr u64 kPteTable = kPtePresent | kPteWrite | kPteUser;  // upper levels admit everything
inline constexpr u64 kPteOccupied = kPtePresent | kPteHeld;
inline constexpr u32 kPteCount = 512;
inline constexpr u64 kLeafSpan = kPageSize * kPteCount;  // 2 MiB: what one leaf table maps

// A leaf entry of a frame. Without rights it is not present, and a processor with the L1TF bug reads ahead through such an entry
// whatever lies in its first-level cache under the address [l1tf]. So that address is kept inverted: no memory is there.
inline constexpr u64 pte_make(u64 pfn, u64 flags) { return ((pfn << kPageShift) ^ (flags & kPteHeld ? kPteAddress : 0)) | flags; }
inline constexpr u64 pte_pfn(u64 e) { return ((e & kPteHeld ? ~e : e) & kPteAddress) >> kPageShift; }
inline constexpr u32 pte_index(u64 va, u32 level) { return static_cast<u32>(va >> (kPageShift + 9 * level)) & 511; }
inline constexpr Prot pte_prot(u64 e) {
  return {(e & kPtePresent) != 0, (e & (kPtePresent | kPteWrite)) == (kPtePresent | kPteWrite), (e & (kPtePresent | kPteNoExec)) == kPtePresent};
}
inline constexpr u64 pte_flags(Prot p) {
  if (p.none()) return kPteHeld | kPteNoExec;
  return kPtePresent | kPteUser | (p.write ? kPteWrite : 0) | (p.exec ? 0 : kPteNoExec);
}
inline constexpr bool pte_allows(u64 e, Access a) {
  const u64 need = kPtePresent | kPteUser | (a == Access::write ? kPteWrite : 0);
  return (e & need) == need && (a != Access::exec || (e & kPteNoExec) == 0);
}

// SAFETY (all): slots are words of live table frames. acquire pairs with the release of stores that publish new tables.
inline u64 pte_load(const u64* slot) { return __atomic_load_n(slot, __ATOMIC_ACQUIRE); }
inline void pte_store(u64* slot, u64 e) { __atomic_store_n(slot, e, __ATOMIC_RELEASE); }
inline u64 pte_exchange(u64* slot, u64 e) { return __atomic_exchange_n(slot, e, __ATOMIC_ACQ_REL); }
inline u64 pte_set(u64* slot, u64 bits) { return __atomic_fetch_or(slot, bits, __ATOMIC_ACQ_REL); }
inline u64 pte_clear(u64* slot, u64 bits) { return __atomic_fetch_and(slot, ~bits, __ATOMIC_ACQ_REL); }
inline bool pte_replace(u64* slot, u64& expected, u64 e) {
  return __atomic_compare_exchange_n(slot, &expected, e, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}
// The frame whose shares an occupied entry has one of.
inline u64 pte_head(u64 e) { return e & kPteFolio ? frame_head(pte_pfn(e)) : pte_pfn(e); }
// SAFETY: a present entry above the leaves holds the frame number of a table, which the direct map shows as 512 words.
inline u64* pte_table(u64 e) { return reinterpret_cast<u64*>(frame_data(pte_pfn(e))); }

// A table's FrameMeta::word has a bit for each group of 8 entries (a cache line) that was ever used, so that walks skip the rest.
// Bits are set before entries, and never cleared while the table lives. The top table has none for the kernel half.
inline constexpr u32 kPteGroup = 8;
inline FrameMeta& table_meta(const u64* table) { return frame_meta(frame_of(table)); }
inline u64 table_used(const FrameMeta& m) { return __atomic_load_n(&m.word, __ATOMIC_ACQUIRE); }
inline void table_note_used(FrameMeta& m, u32 index) {
  const u64 bit = 1ULL << (index / kPteGroup);
  if ((__atomic_load_n(&m.word, __ATOMIC_RELAXED) & bit) == 0) [[unlikely]] __atomic_fetch_or(&m.word, bit, __ATOMIC_ACQ_REL);
}
// Calls f(index) for the indices of [first, end) in groups that may be used.
template <class F>
inline void each_used(u64 used, u32 first, u32 end, F&& f) {
  for (u64 left = used >> (first / kPteGroup) << (first / kPteGroup); left != 0; left &= left - 1) {
    const u32 group = static_cast<u32>(__builtin_ctzll(left)) * kPteGroup;
    if (group >= end) return;
    const u32 last = group + kPteGroup < end ? group + kPteGroup : end;
    for (u32 i = group > first ? group : first; i != last; ++i) f(i);
  }
}

// The entry for a user address, or nullptr when there is no leaf table for it.
// Requires: the caller holds a WalkGuard or a Cursor over it, and uses the slot no longer than that.
inline u64* pte_slot(const AddressSpace::Core& as, u64 va) {
  // SAFETY: the root is a table of this address space from its creation to its end.
  const u64* t = reinterpret_cast<const u64*>(frame_data(as.root));
  for (u32 level = 3; level != 0; --level) {
    const u64 e = pte_load(t + pte_index(va, level));
    if ((e & kPtePresent) == 0) [[unlikely]] return nullptr;
    t = pte_table(e);
  }
  // SAFETY: tables are writable memory; t is const only while the walk reads.
  return const_cast<u64*>(t) + pte_index(va, 0);
}

// A section in which tables of `as` and frames found in them stay what they are. Short, without preemption points and faults.
// Not in interrupts or deferred work. While one lives, changes of the page table may happen but do not complete.
class WalkGuard {
 public:
  explicit WalkGuard(const AddressSpace::Core& as) : m_(mem_cpu()) {
    if (!m_.registered) [[unlikely]] mem_register_cpu(m_);
    // The low bits make this section different from the CPU's last one.
    m_.walk_count = (m_.walk_count + 1) & 15;
    // seq_cst, and so before the entries are read: either we see what a Cursor changed, or it sees us (wait_for_walkers).
    // SAFETY: a number to compare, never followed.
    const u64 before = m_.walking.exchange(reinterpret_cast<u64>(&as) | m_.walk_count, Order::seq_cst);
    OSTD_CHECK(before == 0 && "user memory is not accessed in interrupts");
  }
  // release: our accesses to frames come before a waiter frees them.
  ~WalkGuard() { m_.walking.store(0, Order::release); }
  WalkGuard(const WalkGuard&) = delete;

 private:
  MemPerCpu& m_;
};
// Returns when every WalkGuard on `as` that began before has ended. No spinlock may be held.
void wait_for_walkers(const AddressSpace::Core& as);

// ---- for targets --------------------------------------------------------------------------------------------------------

// The entry at an address now; 0: none.
u64 pte_lookup(const AddressSpace::Core& as, VirtAddr at);

// Pages at consecutive addresses and frames, with the same rights.
struct PteRun {
  VirtAddr at{};
  u32 pages = 0;  // 0: the entry at the address does not allow the access
  u64 pfn = 0;
  Prot prot{};
};
// The longest such run around `at` inside `window` and one leaf table. Its entries get kPteMapped and accessed, writable ones
// dirty too, atomically: a Cursor that changes one of them later sees kPteMapped and flushes. So the caller makes its
// mapping after this, under a lock that its tlb_flush() takes.
PteRun pte_claim_run(const AddressSpace::Core& as, VirtAddr at, Access access, VirtRange window);
// The target has dropped its mappings of the range.
void pte_clear_mapped(const AddressSpace::Core& as, VirtRange r);

}  // namespace ostd::common
