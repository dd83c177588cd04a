// SPDX-License-Identifier: MPL-2.0
// Waiting for lock-free readers, and what targets need of page tables.
#include <common/page_table.h>
#include <common/percpu.h>

namespace ostd::common {

void RangeLock::wait(const RangeNode& node) {
  while (__atomic_load_n(&node.blockers, __ATOMIC_ACQUIRE) != 0) wait_politely();
}

void wait_for_walkers(const AddressSpace::Core& as) {
  // Between our changes of the page table and the loads: pairs with the exchange in WalkGuard.
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  each_mem_cpu([&](const MemPerCpu& m) {
    const u64 seen = m.walking.load(Order::acquire);
    // SAFETY: a number to compare.
    if ((seen & ~u64{15}) != reinterpret_cast<u64>(&as)) return;
    while (m.walking.load(Order::acquire) == seen) wait_politely();
  });
}

u64 pte_lookup(const AddressSpace::Core& as, VirtAddr at) {
  if (at >= kUserEnd) return 0;
  WalkGuard g(as);
  const u64* slot = pte_slot(as, at.value);
  return slot ? pte_load(slot) : 0;
}

namespace {
// Marks an entry if it still maps `pfn` with these rights.
bool claim(u64* slot, u64 pfn, u64 rights) {
  constexpr u64 kRights = kPteAddress | kPtePresent | kPteUser | kPteWrite | kPteNoExec;
  u64 e = pte_load(slot);
  do {
    if ((e & kRights) != (pfn << kPageShift | rights)) return false;
  } while (!pte_replace(slot, e, e | kPteMapped | kPteAccessed | (e & kPteWrite ? kPteDirty : 0)));
  return true;
}
}  // namespace

PteRun pte_claim_run(const AddressSpace::Core& as, VirtAddr at, Access access, VirtRange window) {
  PteRun run{};
  if (at >= kUserEnd) return run;
  WalkGuard g(as);
  u64* slot = pte_slot(as, at.value);
  if (!slot) return run;
  const u64 e = pte_load(slot);
  const u64 rights = e & (kPtePresent | kPteUser | kPteWrite | kPteNoExec);
  const u64 pfn = pte_pfn(e);
  if (!pte_allows(e, access) || !claim(slot, pfn, rights)) return run;
  // How far the window and the leaf table reach to both sides.
  const u64 index = pte_index(at.value, 0);
  u64 below = at > window.begin ? (at - window.begin) >> kPageShift : 0;
  u64 above = window.end > at ? ((window.end - at) - 1) >> kPageShift : 0;
  if (below > index) below = index;
  if (above > kPteCount - 1 - index) above = kPteCount - 1 - index;
  if (below >= pfn) below = pfn - 1;
  u64 lo = 0, hi = 0;
  while (hi < above && claim(slot + hi + 1, pfn + hi + 1, rights)) ++hi;
  while (lo < below && claim(slot - lo - 1, pfn - lo - 1, rights)) ++lo;
  run.at = at.page_down() - lo * kPageSize;
  run.pages = static_cast<u32>(lo + hi + 1);
  run.pfn = pfn - lo;
  run.prot = pte_prot(e);
  return run;
}

void pte_clear_mapped(const AddressSpace::Core& as, VirtRange r) {
  const u64 end = r.end.value < kUserEnd.value ? r.end.value : kUserEnd.value;
  for (u64 va = r.begin.value; va < end;) {
    const u64 stop = (va | (kLeafSpan - 1)) + 1 < end ? (va | (kLeafSpan - 1)) + 1 : end;
    WalkGuard g(as);
    if (u64* slot = pte_slot(as, va))
      for (u64 n = (stop - va) >> kPageShift; n != 0; --n, ++slot)
        if (pte_load(slot) & kPteMapped) pte_clear(slot, kPteMapped);
    va = stop;
  }
}

}  // namespace ostd::common
