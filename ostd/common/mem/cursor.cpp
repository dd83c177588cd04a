// SPDX-License-Identifier: MPL-2.0
// A Cursor's life: locking its range, finding and making tables, and the end, where translations are flushed before frames go.
#include <common/target.h>
#include <mem/cursor_impl.h>
#include <new>

namespace ostd::common {

CursorImpl* CursorImpl::start(AddressSpace::Core& space, VirtRange range) {
  preempt_off();
  MemPerCpu& m = mem_cpu();
  static_assert(sizeof(CursorImpl) <= sizeof m.cursor_room[0]);
  const u32 slot = static_cast<u32>(__builtin_ctz(~m.cursors_used));
  OSTD_CHECK(slot < kCursors && "not so many Cursors at a time");
  m.cursors_used |= 1U << slot;
  // SAFETY: the room is this Cursor's until finish(); CursorImpl is an aggregate of plain values.
  auto* c = ::new (static_cast<void*>(m.cursor_room[slot])) CursorImpl;
  c->as = &space;
  c->slot = slot;
  c->resident = 0;
  c->leaf_base = ~u64{0};
  c->stale_pages = 0;
  c->first_scratch = c->scratch = nullptr;
  c->stale_ranges = c->tables = c->frame = 0;
  c->narrowing = false;
  c->node.begin = c->begin = range.begin.value;
  c->node.end = c->end = range.end.value;
  space.ranges.lock(c->node);
  return c;
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

static u64* get_table(AddressSpace::Core& as, u64* table, u32 index) {
  u64 e = pte_load(table + index);
  if ((e & kPtePresent) == 0) [[unlikely]] {
    table_note_used(table_meta(table), index);
    const u64 pfn = table_alloc();
    e = install(as, table + index, pfn);
    if (pte_pfn(e) != pfn) table_free(pfn);
  }
  return pte_table(e);
}

u64* CursorImpl::upper_slot(u64 va) {
  // SAFETY: the root is a table of this address space from its creation to its end.
  u64* t = reinterpret_cast<u64*>(frame_data(as->root));
  t = get_table(*as, t, pte_index(va, 3));
  t = get_table(*as, t, pte_index(va, 2));
  return t + pte_index(va, 1);
}

u64* CursorImpl::install_leaf(u64 va, u64 table_pfn) {
  u64* slot = upper_slot(va);
  table_note_used(table_meta(slot), pte_index(va, 1));
  const u64 now = install(*as, slot, table_pfn);
  return pte_pfn(now) == table_pfn ? nullptr : pte_table(now);
}

void CursorImpl::find_or_make_leaf(u64 va) {
  u64* slot = upper_slot(va);
  leaf = get_table(*as, slot - pte_index(va, 1), pte_index(va, 1));
  leaf_meta = &table_meta(leaf);
  leaf_base = va & ~(kLeafSpan - 1);
}

void CursorImpl::add_scratch() {
  // Nobody pays: it lives as long as this cursor.
  // SAFETY: a whole frame of our own; Scratch is plain numbers and fits (checked where it is defined).
  auto* fresh = reinterpret_cast<Scratch*>(frame_data(frame_alloc(FrameKind::meta, Charge::nobody)));
  fresh->next = scratch;
  fresh->frame_count = 0;
  if (!first_scratch) first_scratch = fresh;
  scratch = fresh;
}

void CursorImpl::note_stale(u64 va, u64 pages) {
  constexpr u64 kGap = 16 * kPageSize;  // flushing a few pages too many is cheaper than one more range
  const u64 end = va + pages * kPageSize;
  stale_pages += pages;
  if (stale_ranges == 0) {
    stale = {va, end};
    stale_ranges = 1;
    return;
  }
  StaleRange& last = stale_ranges == 1 ? stale : first_scratch->stale[stale_ranges - 2];
  const bool near = va <= last.end + kGap && last.begin <= end + kGap;
  if (near || stale_ranges == Scratch::kRanges + 1) {
    if (va < last.begin) last.begin = va;
    if (end > last.end) last.end = end;
    return;
  }
  if (!first_scratch) add_scratch();
  first_scratch->stale[stale_ranges++ - 1] = {va, end};
}

void CursorImpl::drop_frame(u64 head) {
  if (frame == 0) {
    frame = static_cast<u32>(head);
    return;
  }
  if (!scratch || scratch->frame_count == Scratch::kFrames) add_scratch();
  scratch->frames[scratch->frame_count++] = static_cast<u32>(head);
}

void CursorImpl::drop(u64 entry, u64 va) {
  --resident;
  narrowing = true;
  if (cached(entry)) note_stale(va, 1);
  drop_frame(pte_head(entry));
}

void free_leaf(u64 table_pfn) {
  // SAFETY: the caller names a leaf table that was unlinked: nobody else can reach it.
  u64* t = reinterpret_cast<u64*>(frame_data(table_pfn));
  {
    [[clang::uninitialized]] FrameBag bag;
    each_used(table_used(frame_meta(table_pfn)), 0, kPteCount, [&](u32 i) {
      const u64 e = pte_load(t + i);
      if (e == 0) return;
      t[i] = 0;
      if (e & kPteOccupied) bag.drop_share(pte_head(e));
    });
  }
  table_free(table_pfn);
}

void CursorImpl::finish() {
  if (resident != 0) as->resident.fetch_add(static_cast<usize>(resident), Order::relaxed);
  if (narrowing) [[unlikely]] return finish_narrowing();
  as->ranges.unlock(node);
  mem_cpu().cursors_used &= ~(1U << slot);
  preempt_on();
}

void CursorImpl::finish_narrowing() {
  AddressSpace::Core& a = *as;
  // Somebody else's flush may still be under way for entries that we found narrowed already.
  const bool others = a.flushes.load(Order::acquire) != 0;
  if (stale_pages != 0 || others) {
    a.flushes.fetch_add(1, Order::relaxed);  // seen by whoever locks the range after us
    a.generation.fetch_add(1, Order::release);
  }
  a.ranges.unlock(node);
  Narrowed mine = *this;
  mem_cpu().cursors_used &= ~(1U << slot);
  preempt_on();
  mine.flush_and_free(others);
}

// Returns when no processor has the stale translations any more.
[[gnu::noinline]] static void flush_many(const Narrowed& c, bool wholly) {
  VirtRange ranges[Scratch::kRanges + 1];
  ranges[0] = {VirtAddr{c.stale.begin}, VirtAddr{c.stale.end}};
  for (u32 i = 1; i < c.stale_ranges; ++i)
    ranges[i] = {VirtAddr{c.first_scratch->stale[i - 1].begin}, VirtAddr{c.first_scratch->stale[i - 1].end}};
  target::tlb_flush(*c.as, {{ranges, c.stale_ranges}, wholly});
}

void Narrowed::flush_and_free(bool others) {
  AddressSpace::Core& a = *as;
  if (stale_pages != 0 || others) {
    const bool wholly = others || stale_pages > kFlushPages || tables != 0;
    if (others || stale_ranges == 1) {
      const StaleRange whole = others ? StaleRange{begin, end} : stale;
      const VirtRange one{VirtAddr{whole.begin}, VirtAddr{whole.end}};
      target::tlb_flush(a, {{&one, 1}, wholly});
    } else {
      flush_many(*this, wholly);
    }
    a.flushes.fetch_sub(1, Order::release);
  }
  wait_for_walkers(a);
  // SAFETY: nobody reaches these frames through this address space any more, so its shares may go.
  if (frame != 0) frame_unshare(frame);
  while (tables != 0) {
    const u32 next = frame_meta(tables).next;
    a.tables.fetch_sub(1, Order::relaxed);
    free_leaf(tables);
    tables = next;
  }
  if (!scratch) return;
  [[clang::uninitialized]] FrameBag bag;
  while (scratch) {
    for (u32 i = 0; i != scratch->frame_count; ++i) bag.drop_share(scratch->frames[i]);
    Scratch* next = scratch->next;
    frame_free(frame_of(scratch));
    scratch = next;
  }
}

}  // namespace ostd::common

namespace c = ostd::common;

ostd::Cursor::Cursor(const AddressSpace& as, VirtRange range) {
  OSTD_CHECK(((range.begin.value | range.end.value) & kPageMask) == 0 && range.begin <= range.end && range.end <= kUserEnd);
  // SAFETY: storage_ has room and alignment for a pointer; it is read back by cursor_impl() only.
  ::new (static_cast<void*>(storage_)) c::CursorImpl*(c::CursorImpl::start(as.core(), range));
}
ostd::Cursor::~Cursor() { c::cursor_impl(storage_).finish(); }
