// SPDX-License-Identifier: MPL-2.0
// Cursor::clone_into: the page-table part of fork. Leaf table by leaf table; empty ones are skipped; a leaf table that the child
// does not have yet is filled before it becomes reachable, so its entries are plain stores.
#include <mem/cursor_impl.h>

namespace ostd::common {
namespace {

// What the child gets of an entry; write permission is taken from the parent's when `mask` has it.
inline u64 share_entry(CursorImpl& parent, u64* slot, u64 e, u64 take, u64& stale) {
  if (e & take & kPteWrite) {
    e = pte_clear(slot, take);
    stale |= e & parent.as->cached_bit;
  }
  frame_share(frame_head(pte_pfn(e)));
  return e & ~(take | kPteMapped);
}

usize clone_leaf(CursorImpl& parent, CursorImpl& child, u64* from, u64 va, u64 last, u64 take) {
  const u64 begin = va;
  const u32 first = pte_index(va, 0);
  const u32 end = first + static_cast<u32>((last - va) >> kPageShift);
  u64 stale = 0;
  usize n = 0;
  const auto merge = [&](u64* to, u32 i, u64 e) {
    const u64 old = pte_exchange(to + i, e);
    if (old & kPteOccupied) child.drop(old, begin + (u64{i} - first) * kPageSize);
  };
  if (u64* to = find_leaf(*child.as, va, last)) {
    for (u32 i = first; i != end; ++i) {
      const u64 e = pte_load(from + i);
      if ((e & kPteOccupied) == 0) continue;
      ++n;
      merge(to, i, share_entry(parent, from + i, e, take, stale));
    }
  } else {
    const u64 pfn = frame_alloc(FrameKind::table);
    u64* fresh = reinterpret_cast<u64*>(frame_data(pfn));
    if (end - first != kPteCount) frame_zero(pfn);
    for (u32 i = first; i != end; ++i) {
      if (i + 6 < kPteCount) __builtin_prefetch(&frame_meta(pte_pfn(from[i + 6])), 1);
      const u64 e = pte_load(from + i);
      if ((e & kPteOccupied) == 0) {
        fresh[i] = 0;
        continue;
      }
      ++n;
      fresh[i] = share_entry(parent, from + i, e, take, stale);
    }
    if (n == 0) {
      frame_free(pfn);
    } else if (u64* other = child.install_leaf(begin, pfn)) {
      for (u32 i = first; i != end; ++i)
        if (fresh[i]) merge(other, i, fresh[i]);
      frame_free(pfn);
    }
  }
  child.resident += static_cast<i64>(n);
  if (stale) parent.note_stale(begin, (last - begin) >> kPageShift);
  return n;
}

}  // namespace
}  // namespace ostd::common

namespace c = ostd::common;

auto ostd::Cursor::clone_into(Cursor& child, VirtRange r, Clone mode) -> usize {
  c::CursorImpl& from = c::cursor_impl(storage_);
  c::CursorImpl& to = c::cursor_impl(child.storage_);
  from.check(r);
  to.check(r);
  OSTD_CHECK(from.as != to.as);
  const u64 take = mode == Clone::copy_on_write ? c::kPteWrite | c::kPteMapped : 0;
  if (take) from.narrowing = true;
  usize n = 0;
  for (u64 va = r.begin.value; u64* table = c::find_leaf(*from.as, va, r.end.value);) {
    const u64 stop = (va | (c::kLeafSpan - 1)) + 1;
    const u64 last = stop < r.end.value ? stop : r.end.value;
    n += c::clone_leaf(from, to, table, va, last, take);
    va = last;
  }
  return n;
}
