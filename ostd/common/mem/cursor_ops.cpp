// SPDX-License-Identifier: MPL-2.0
// What a Cursor does to its range. Processors (host: the fault path) may set accessed, dirty and mapped bits at any moment, so
// present entries are changed by atomic read-modify-write.
#include <mem/cursor_impl.h>

namespace c = ostd::common;

namespace ostd::common {

usize CursorImpl::unmap(VirtRange r) {
  usize n = 0;
  each_leaf(*as, r.begin.value, r.end.value, [&](u64* level1, u64* table, u64 va, u64 last) {
    FrameMeta& m = table_meta(table);
    if (last - va == kLeafSpan) {
      // The whole table goes: nobody else can be using it, since all it maps is in the locked range.
      const u64 upper = pte_exchange(level1, 0);
      u64 any = upper & kPteAccessed;  // a processor may have cached the upper entry itself
      usize here = 0;
      each_used(table_used(m), 0, kPteCount, [&](u32 i) {
        const u64 e = pte_load(table + i);
        if ((e & kPteOccupied) == 0) return;
        any |= e & as->cached_bit;
        ++here;
      });
      narrowing = true;
      if (any) note_stale(va, kPteCount);
      m.next = tables;
      tables = static_cast<u32>(pte_pfn(upper));
      if (leaf_base == va) leaf_base = ~u64{0};
      resident -= static_cast<i64>(here);
      n += here;
      return;
    }
    each_used(table_used(m), pte_index(va, 0), pte_index(last - 1, 0) + 1, [&](u32 i) {
      if ((pte_load(table + i) & kPteOccupied) == 0) return;
      drop(pte_exchange(table + i, 0), (va & ~(kLeafSpan - 1)) + i * kPageSize);
      ++n;
    });
  });
  return n;
}

static Mapping mapping_of(u64 e) {
  const u64 pfn = pte_pfn(e);
  const u64 head = pte_head(e);
  // SAFETY: the caller adds a share, or takes the handle apart again without giving one up.
  return Mapping{UFrame::adopt(head), pte_prot(e), (e & kPteDirty) != 0, (e & kPteAccessed) != 0, static_cast<u32>(pfn - head)};
}

}  // namespace ostd::common

// The entry at a page of the cursor; 0: no table there.
static ostd::u64 entry_at(const c::CursorImpl& i, ostd::VirtAddr at) {
  OSTD_CHECK((at.value & ostd::kPageMask) == 0 && i.begin <= at.value && at.value < i.end && "an address inside the cursor's range");
  if ((at.value & ~(c::kLeafSpan - 1)) == i.leaf_base) return c::pte_load(i.leaf + c::pte_index(at.value, 0));
  const ostd::u64* slot = c::pte_slot(*i.as, at.value);
  return slot ? c::pte_load(slot) : 0;
}

auto ostd::Cursor::mapped(VirtAddr at) const -> bool { return (entry_at(c::cursor_impl(storage_), at) & c::kPteOccupied) != 0; }

auto ostd::Cursor::query(VirtAddr at) const -> Opt<Mapping> {
  const u64 e = entry_at(c::cursor_impl(storage_), at);
  if ((e & c::kPteOccupied) == 0) return {};
  c::frame_share(c::pte_head(e));
  return c::mapping_of(e);
}

auto ostd::Cursor::next_mapped(VirtAddr from) const -> Opt<VirtAddr> {
  const c::CursorImpl& i = c::cursor_impl(storage_);
  i.check({from, VirtAddr{i.end}});
  for (u64 at = from.value; at < i.end;) {
    // SAFETY: the root is a table of this address space, and so is what present entries above the leaves lead to.
    const u64* t = reinterpret_cast<const u64*>(c::frame_data(i.as->root));
    u32 level = 3;
    for (; level != 0; --level) {
      const u64 e = c::pte_load(t + c::pte_index(at, level));
      if ((e & c::kPtePresent) == 0) break;
      t = c::pte_table(e);
    }
    const u64 span = kPageSize << (9 * (level == 0 ? 1 : level));
    const u64 next = (at & ~(span - 1)) + span;
    if (level == 0) {
      const u64 last = next < i.end ? next : i.end;
      for (u32 n = c::pte_index(at, 0); n <= c::pte_index(last - 1, 0); ++n)
        if (c::pte_load(t + n) & c::kPteOccupied) return VirtAddr{next - span + n * kPageSize};
    }
    at = next;
  }
  return {};
}

auto ostd::Cursor::map(VirtAddr at, UFrame frame, Prot prot) -> void {
  c::CursorImpl& i = c::cursor_impl(storage_);
  const u64 head = frame.leak();
  OSTD_CHECK(head && "UFrame was moved from");
  const u64 pages = 1ULL << c::frame_meta(head).order;
  i.check({at, at + pages * kPageSize});
  OSTD_CHECK((at.value & (pages * kPageSize - 1)) == 0 && "a folio is mapped at its alignment");
  if (prot.write) c::frame_note_writable(head);
  // The handle's share becomes the first page's.
  if (pages != 1) c::frame_share(head, static_cast<u32>(pages - 1));
  // Set from the start, so that the processor need not: the page is about to be used.
  const u64 flags = c::pte_flags(prot) | c::kPteAccessed | (prot.write ? c::kPteDirty : 0) | (pages != 1 ? c::kPteFolio : 0);
  for (u64 n = 0; n != pages; ++n) {
    const u64 va = at.value + n * kPageSize;
    u64* slot = i.slot_for(va);
    const u64 e = c::pte_make(head + n, flags);
    ++i.resident;
    if ((c::pte_load(slot) & c::kPteOccupied) == 0) {
      c::pte_store(slot, e);
    } else {
      i.drop(c::pte_exchange(slot, e), va);
    }
  }
}

auto ostd::Cursor::protect(VirtRange r, Prot prot) -> void {
  c::CursorImpl& i = c::cursor_impl(storage_);
  i.check(r);
  const u64 flags = c::pte_flags(prot);
  constexpr u64 kKeep = c::kPteAccessed | c::kPteDirty | c::kPteMapped | c::kPteFolio;
  c::each_entry(*i.as, r.begin.value, r.end.value, [&](u64* slot, u64 va) {
    u64 e = c::pte_load(slot);
    if (prot.write && (e & c::kPteWrite) == 0) c::frame_note_writable(c::pte_head(e));
    u64 next = 0;
    bool narrower = false;
    do {
      const Prot old = c::pte_prot(e);
      narrower = (old.read && prot.none()) || (old.write && !prot.write) || (old.exec && !prot.exec);
      next = c::pte_make(c::pte_pfn(e), flags) | (e & kKeep);
      if (narrower) next &= ~c::kPteMapped;
    } while (e != next && !c::pte_replace(slot, e, next));
    if (narrower && i.cached(e)) i.note_stale(va, 1);
  });
  if (!prot.write || !prot.exec) i.narrowing = true;
}

auto ostd::Cursor::write_protect(VirtRange r) -> void {
  c::CursorImpl& i = c::cursor_impl(storage_);
  i.check(r);
  i.narrowing = true;
  c::each_entry(*i.as, r.begin.value, r.end.value, [&](u64* slot, u64 va) {
    if ((c::pte_load(slot) & c::kPteWrite) == 0) return;
    if (i.cached(c::pte_clear(slot, c::kPteWrite | c::kPteMapped))) i.note_stale(va, 1);
  });
}

auto ostd::Cursor::unmap(VirtRange r) -> usize {
  c::CursorImpl& i = c::cursor_impl(storage_);
  i.check(r);
  return i.unmap(r);
}

auto ostd::Cursor::move(VirtRange from, VirtAddr to) -> void {
  c::CursorImpl& i = c::cursor_impl(storage_);
  const VirtRange dest{to, to + from.size()};
  i.check(from);
  i.check(dest);
  OSTD_CHECK(!from.overlaps(dest));
  i.unmap(dest);
  i.narrowing = true;
  c::each_entry(*i.as, from.begin.value, from.end.value, [&](u64* slot, u64 va) {
    const u64 e = c::pte_exchange(slot, 0);
    if (i.cached(e)) i.note_stale(va, 1);
    const u64 there = to.value + (va - from.begin.value);
    c::pte_store(i.slot_for(there), e & ~c::kPteMapped);
  });
}

auto ostd::Cursor::clean(VirtAddr at) -> bool {
  c::CursorImpl& i = c::cursor_impl(storage_);
  i.check({at, at + kPageSize});
  u64* slot = c::pte_slot(*i.as, at.value);
  if (!slot || (c::pte_load(slot) & c::kPteOccupied) == 0) return false;
  i.narrowing = true;
  const u64 e = c::pte_clear(slot, c::kPteDirty | c::kPteMapped);
  if ((e & c::kPteDirty) == 0) return false;
  if (i.cached(e)) i.note_stale(at.value, 1);
  return true;
}

auto ostd::Cursor::clear_accessed(VirtAddr at) -> bool {
  c::CursorImpl& i = c::cursor_impl(storage_);
  i.check({at, at + kPageSize});
  u64* slot = c::pte_slot(*i.as, at.value);
  if (!slot || (c::pte_load(slot) & c::kPteOccupied) == 0) return false;
  i.narrowing = true;
  const u64 e = c::pte_clear(slot, c::kPteAccessed | c::kPteMapped);
  if (i.cached(e)) i.note_stale(at.value, 1);
  return (e & c::kPteAccessed) != 0;
}

auto ostd::Cursor::each(VirtRange r, FnRef<void(VirtAddr, const Mapping&)> f) const -> void {
  const c::CursorImpl& i = c::cursor_impl(storage_);
  i.check(r);
  c::each_entry(*i.as, r.begin.value, r.end.value, [&](const u64* slot, u64 va) {
    Mapping m = c::mapping_of(c::pte_load(slot));
    f(VirtAddr{va}, m);
    (void)m.frame.leak();  // the handle was borrowed from the entry
  });
}
