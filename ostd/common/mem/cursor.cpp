// SPDX-License-Identifier: MPL-2.0
// A Cursor's life: locking its range, finding and making tables, and the end, where translations are flushed before frames go.
#include <common/target.h>
#include <mem/cursor_impl.h>
#include <new>

namespace ostd::common {

CursorImpl::CursorImpl(AddressSpace::Core& space, VirtRange range) : as(&space) {
  node.begin = range.begin.value;
  node.end = range.end.value;
  preempt_off();
  space.ranges.lock(node);
}

u64* find_leaf(const AddressSpace::Core& as, u64& va, u64 end, u64*& level1) {
  const u64* top = reinterpret_cast<const u64*>(frame_data(as.root));
  while (va < end) {
    const u64* t = top;
    u32 level = 3;
    for (;; --level) {
      const u64* slot = t + pte_index(va, level);
      const u64 e = pte_load(slot);
      if ((e & kPtePresent) == 0) break;
      if (level == 1) {
        level1 = const_cast<u64*>(slot);
        return pte_table(e);
      }
      t = pte_table(e);
    }
    va = (va | ((kPageSize << (9 * level)) - 1)) + 1;
  }
  return nullptr;
}

// Puts a table into an entry that was empty. Cursors over other ranges may be about to do the same: the first one wins.
// The entry as it then is.
static u64 install(AddressSpace::Core& as, u64* slot, u64 table_pfn) {
  const u64 made = table_pfn << kPageShift | kPteTable;
  u64 e = 0;
  if (!pte_replace(slot, e, made)) return e;
  as.tables.fetch_add(1, Order::relaxed);
  return made;
}

static u64 get_table(AddressSpace::Core& as, u64* slot) {
  const u64 e = pte_load(slot);
  if (e & kPtePresent) [[likely]] return e;
  const u64 pfn = frame_alloc(FrameKind::table);
  frame_zero(pfn);
  const u64 now = install(as, slot, pfn);
  if (pte_pfn(now) != pfn) frame_free(pfn);
  return now;
}

u64* CursorImpl::install_leaf(u64 va, u64 table_pfn) {
  const u64 now = install(*as, upper_slot(va), table_pfn);
  return pte_pfn(now) == table_pfn ? nullptr : pte_table(now);
}

u64* CursorImpl::upper_slot(u64 va) {
  u64* t = reinterpret_cast<u64*>(frame_data(as->root));
  t = pte_table(get_table(*as, t + pte_index(va, 3)));
  t = pte_table(get_table(*as, t + pte_index(va, 2)));
  return t + pte_index(va, 1);
}

u64* CursorImpl::make_leaf(u64 va) {
  leaf = pte_table(get_table(*as, upper_slot(va)));
  leaf_base = va & ~(kLeafSpan - 1);
  return leaf;
}

void CursorImpl::note_stale(u64 va, u64 pages) {
  constexpr u64 kGap = 16 * kPageSize;  // flushing a few pages too many is cheaper than one more range
  const u64 end = va + pages * kPageSize;
  stale_pages += pages;
  if (stale_ranges != 0) {
    VirtRange& last = stale[stale_ranges - 1];
    const bool near = va <= last.end.value + kGap && last.begin.value <= end + kGap;
    if (near || stale_ranges == kStaleRanges) {
      if (va < last.begin.value) last.begin = VirtAddr{va};
      if (end > last.end.value) last.end = VirtAddr{end};
      return;
    }
  }
  stale[stale_ranges++] = {VirtAddr{va}, VirtAddr{end}};
}

void CursorImpl::drop_frame(u64 head) {
  constexpr u32 kScratchFrames = kPageSize / sizeof(u32) - 1;
  if (scratch == 0 && frame_count < kInlineFrames) {
    frames[frame_count++] = static_cast<u32>(head);
    return;
  }
  // With scratch, frame_count counts what is in its first frame; inline ones stay where they are.
  if (scratch == 0 || frame_count == kScratchFrames) {
    const u64 pfn = frame_alloc(FrameKind::meta, Charge::nobody);  // for the life of this cursor
    *reinterpret_cast<u32*>(frame_data(pfn)) = scratch;
    scratch = static_cast<u32>(pfn);
    frame_count = 0;
  }
  reinterpret_cast<u32*>(frame_data(scratch))[1 + frame_count++] = static_cast<u32>(head);
}

void CursorImpl::drop(u64 entry, u64 va) {
  --resident;
  narrowing = true;
  if (cached(entry)) note_stale(va, 1);
  drop_frame(frame_head(pte_pfn(entry)));
}

usize free_leaf(u64 table_pfn) {
  const u64* t = reinterpret_cast<const u64*>(frame_data(table_pfn));
  usize n = 0;
  {
    FrameBag bag;
    for (u32 i = 0; i != kPteCount; ++i) {
      if (i + 4 < kPteCount) __builtin_prefetch(&frame_meta(pte_pfn(t[i + 4])), 1);
      const u64 e = pte_load(t + i);
      if ((e & kPteOccupied) == 0) continue;
      ++n;
      bag.drop_share(frame_head(pte_pfn(e)));
    }
  }
  frame_free(table_pfn);
  return n;
}

void CursorImpl::finish() {
  AddressSpace::Core& a = *as;
  // Somebody else's flush may still be under way for entries that we found narrowed already.
  const bool others = narrowing && a.flushes.load(Order::acquire) != 0;
  const bool flush = stale_pages != 0 || others;
  if (resident != 0) a.resident.fetch_add(static_cast<usize>(resident), Order::relaxed);
  if (flush) {
    a.flushes.fetch_add(1, Order::relaxed);  // seen by whoever locks the range after us
    a.generation.fetch_add(1, Order::release);
  }
  a.ranges.unlock(node);
  preempt_on();
  if (!narrowing) return;
  if (flush) {
    const VirtRange whole{VirtAddr{node.begin}, VirtAddr{node.end}};
    const target::FlushBatch batch{others ? std::span<const VirtRange>(&whole, 1) : std::span<const VirtRange>(stale, stale_ranges),
                                   others || stale_pages > kFlushPages || tables != 0};
    target::tlb_flush(a, batch);
    a.flushes.fetch_sub(1, Order::release);
  }
  wait_for_walkers(a);
  // SAFETY: nobody reaches these frames through this address space any more, so its shares may go.
  while (tables != 0) {
    const u32 next = frame_meta(tables).next;
    a.tables.fetch_sub(1, Order::relaxed);
    free_leaf(tables);
    tables = next;
  }
  FrameBag bag;
  const u32 inline_count = scratch != 0 ? kInlineFrames : frame_count;
  for (u32 i = 0; i != inline_count; ++i) bag.drop_share(frames[i]);
  for (u32 n = frame_count; scratch != 0; n = kPageSize / sizeof(u32) - 1) {
    const u32* page = reinterpret_cast<const u32*>(frame_data(scratch));
    for (u32 i = 1; i <= n; ++i) bag.drop_share(page[i]);
    const u32 next = page[0];
    frame_free(scratch);
    scratch = next;
  }
}

}  // namespace ostd::common

namespace c = ostd::common;

ostd::Cursor::Cursor(const AddressSpace& as, VirtRange range) {
  static_assert(sizeof(c::CursorImpl) <= sizeof(storage_) && alignof(c::CursorImpl) <= 8);
  OSTD_CHECK(((range.begin.value | range.end.value) & kPageMask) == 0 && range.begin <= range.end && range.end <= kUserEnd);
  ::new (static_cast<void*>(storage_)) c::CursorImpl(as.core(), range);
}
ostd::Cursor::~Cursor() { c::cursor_impl(storage_).finish(); }
