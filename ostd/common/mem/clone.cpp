// SPDX-License-Identifier: MPL-2.0
// Cursor::clone_into: the page-table part of fork. Leaf table by leaf table, only the parts that were ever used; a leaf table that
// the child does not have yet is filled before it becomes reachable, so its entries are plain stores.
#include <mem/cursor_impl.h>

namespace ostd::common {
namespace {

// What the child gets of an entry; write permission is taken from the parent's when `take` has it.
inline u64 share_entry(u64* slot, u64 e, u64 take, u64& any) {
  if (e & take & kPteWrite) {
    e = pte_clear(slot, take);
    any |= e;
  }
  frame_share(pte_head(e));
  return e & ~(take | kPteMapped);
}

void clone_leaf(CursorImpl& parent, CursorImpl& child, u64* from, u64 va, u64 last, u64 take, usize& total) {
  const u32 first = pte_index(va, 0), end = pte_index(last - 1, 0) + 1;
  const u64 base = va & ~(kLeafSpan - 1);
  const u64 used = table_used(table_meta(from));
  u64 any = 0;  // bits of the entries that lost write permission
  usize n = 0;
  const auto merge = [&](u32 i, u64 e) {
    const u64 at = base + i * kPageSize;
    const u64 old = pte_exchange(child.slot_for(at), e);
    if (old & kPteOccupied) child.drop(old, at);
  };
  if (pte_slot(*child.as, va)) {  // the child has a table here
    each_used(used, first, end, [&](u32 i) {
      const u64 e = pte_load(from + i);
      if ((e & kPteOccupied) == 0) return;
      ++n;
      merge(i, share_entry(from + i, e, take, any));
    });
  } else {
    const u64 pfn = table_alloc();
    // SAFETY: a table frame just allocated, zeroed and not linked yet.
    u64* fresh = reinterpret_cast<u64*>(frame_data(pfn));
    u64 groups = 0;
    each_used(used, first, end, [&](u32 i) {
      const u64 e = pte_load(from + i);
      if ((e & kPteOccupied) == 0) return;
      ++n;
      groups |= 1ULL << (i / kPteGroup);
      fresh[i] = share_entry(from + i, e, take, any);
    });
    frame_meta(pfn).word = groups;
    if (n == 0) {
      table_free(pfn);
    } else if (child.install_leaf(va, pfn)) {  // somebody else's has come in between
      each_used(groups, 0, kPteCount, [&](u32 i) {
        if (fresh[i]) merge(i, fresh[i]);
        fresh[i] = 0;
      });
      table_free(pfn);
    }
  }
  child.resident += static_cast<i64>(n);
  total += n;
  if (any & parent.as->cached_bit) parent.note_stale(va, (last - va) >> kPageShift);
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
  c::each_leaf(*from.as, r.begin.value, r.end.value,
               [&](u64*, u64* table, u64 va, u64 last) { c::clone_leaf(from, to, table, va, last, take, n); });
  return n;
}
