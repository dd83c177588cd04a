// SPDX-License-Identifier: MPL-2.0
// The heart of user_io: one page's worth of user memory, reached through the page table.
//
// Why no pin is needed: inside a WalkGuard the frame of a valid entry keeps the share of its mapping, because a Cursor gives
// shares back only after wait_for_walkers(). That holds on both targets and does not depend on how TLBs are flushed there. It
// also orders copies against fork and mprotect: a copy that saw the old rights has ended before the Cursor's destructor returns.
#pragma once
#include <common/page_table.h>
#include <mem/copy.h>

namespace ostd::common {

// Calls f(u8* bytes) with the memory behind `va`, if the entry allows the access. f stays within the page, is short and must not
// fault or sleep. Sets accessed (and dirty for writes).
template <class F>
inline bool with_user_page(const AddressSpace::Core& as, u64 va, Access access, F&& f) {
  if (va >= kUserEnd.value) [[unlikely]] return false;
  WalkGuard g(as);
  u64* slot = pte_slot(as, va);
  if (!slot) [[unlikely]] return false;
  const u64 mark = kPteAccessed | (access == Access::write ? kPteDirty : 0);
  u64 e = pte_load(slot);
  do {
    if (!pte_allows(e, access)) [[unlikely]] return false;
  } while ((e & mark) != mark && !pte_replace(slot, e, e | mark));
  f(frame_data(pte_pfn(e)) + (va & kPageMask), e);
  return true;
}

// Asks the address space's fault handler. May sleep.
Status resolve_user_fault(const AddressSpace::Core& as, u64 va, Access access);
// Panics (debug builds) when the caller holds what must not be held around user memory.
void check_user_access();

// Times a page is asked for before giving up: others may take it away each time.
inline constexpr u32 kFaultRetries = 64;

// Calls f(bytes, done, n) for each page of [va, va+length) in turn; how many bytes came before the first bad address.
template <class F>
usize for_user_pages(const AddressSpace::Core& as, u64 va, usize length, Access access, F&& f) {
  usize done = 0;
  while (done != length) {
    const u64 at = va + done;
    if (at >= kUserEnd.value || at < va) [[unlikely]] break;
    const usize room = kPageSize - (at & kPageMask);
    const usize n = length - done < room ? length - done : room;
    u32 tries = 0;
    while (!with_user_page(as, at, access, [&](u8* p, u64) { f(p, done, n); })) {
      if (++tries == kFaultRetries || !resolve_user_fault(as, at, access).ok()) return done;
    }
    done += n;
  }
  return done;
}

}  // namespace ostd::common
