// SPDX-License-Identifier: MPL-2.0
// What is inside a Cursor: the locked range, a remembered leaf table, and what has to be flushed and freed when it dies.
//
// Frames taken out of the table keep their share until then. A leaf table that is unmapped wholly is taken out as it is and
// remembers its frames itself; single entries are noted: the first in the Cursor (most are made for one page), more in scratch
// frames.
#pragma once
#include <common/page_table.h>
#include <common/percpu.h>
#include <common/target.h>

namespace ostd::common {

inline constexpr u64 kFlushPages = 32;  // more: dropping everything is cheaper than page by page

struct StaleRange { u64 begin, end; };
struct Scratch {
  static constexpr u32 kRanges = 15;  // and the one in the Cursor; of the first scratch frame only
  static constexpr u32 kFrames = (kPageSize - 16 - kRanges * sizeof(StaleRange)) / sizeof(u32);
  Scratch* next;
  u32 frame_count;
  StaleRange stale[kRanges];
  u32 frames[kFrames];
};
static_assert(sizeof(Scratch) == kPageSize);

// What is left to do when the range is unlocked.
struct Narrowed {
  AddressSpace::Core* as;
  u64 begin, end;          // of the Cursor
  u64 stale_pages;
  StaleRange stale;        // these ranges cover all stale translations: this one, then those in first_scratch
  Scratch* first_scratch;
  Scratch* scratch;        // the newest, where frames are noted
  u32 stale_ranges;
  u32 tables;              // leaf tables taken out: list through FrameMeta::next
  u32 frame;               // the first frame taken out; 0: none

  void flush_and_free(bool others);
};

struct CursorImpl : Narrowed {  // begin() fills in what must be known
  RangeNode node;
  i64 resident;        // change of the resident set
  u64 leaf_base;       // what leaf maps, if it is known
  u64* leaf;
  FrameMeta* leaf_meta;
  u32 slot;            // of the CPU's rooms
  bool narrowing;      // something was to lose rights

  static CursorImpl* start(AddressSpace::Core& space, VirtRange range);
  // Unlocks and gives the room back; flushes and frees.
  void finish();
  void finish_narrowing();

  // The leaf table for va becomes `leaf`; it is made when it is not there. The entry for va.
  u64* slot_for(u64 va) {
    if ((va & ~(kLeafSpan - 1)) != leaf_base) [[unlikely]] find_or_make_leaf(va);
    const u32 i = pte_index(va, 0);
    table_note_used(*leaf_meta, i);
    return leaf + i;
  }
  void find_or_make_leaf(u64 va);
  // Makes a filled leaf table reachable; nullptr. Or the one that is there already (made by the cursor of a neighbouring range).
  u64* install_leaf(u64 va, u64 table_pfn);
  u64* upper_slot(u64 va);  // the entry that points to va's leaf table; upper tables are made
  void note_stale(u64 va, u64 pages);
  // An entry was taken out: its translation and its share of a frame.
  void drop(u64 entry, u64 va);
  void drop_frame(u64 head);
  void add_scratch();
  usize unmap(VirtRange r);
  void check(VirtRange r) const {
    OSTD_CHECK(((r.begin.value | r.end.value) & kPageMask) == 0 && r.begin.value <= r.end.value &&
               begin <= r.begin.value && r.end.value <= end && "addresses inside the cursor's range");
  }
  bool cached(u64 entry) const { return (entry & as->cached_bit) != 0; }
};

// Calls f(level1_slot, table, va, last) for each leaf table in [begin, end): it maps the part [va, last) of the range.
// Requires: a Cursor covers the range.
template <class F>
void each_leaf(const AddressSpace::Core& as, u64 begin, u64 end, F&& f) {
  if (begin >= end) return;
  if ((begin & ~(kLeafSpan - 1)) == ((end - 1) & ~(kLeafSpan - 1))) {  // most are this small
    // SAFETY: the root is a table of this address space from its creation to its end.
    u64* t = reinterpret_cast<u64*>(frame_data(as.root));
    for (u32 level = 3;; --level) {
      u64* slot = t + pte_index(begin, level);
      const u64 e = pte_load(slot);
      if ((e & kPtePresent) == 0) return;
      t = pte_table(e);
      if (level == 1) return f(slot, t, begin, end);
    }
  }
  const auto in = [](const u64* table, u64 from, u64 to, u32 level, auto&& g) {  // [from, to) is inside what the table maps
    const u64 span = kPageSize << (9 * level);
    const u64 base = from & ~((span << 9) - 1);
    each_used(table_used(table_meta(table)), pte_index(from, level), pte_index(to - 1, level) + 1, [&](u32 i) {
      const u64 e = pte_load(table + i);
      if ((e & kPtePresent) == 0) return;
      const u64 low = base + i * span, high = low + span;
      // SAFETY: tables are writable memory; the caller holds a Cursor over the range.
      g(const_cast<u64*>(table) + i, pte_table(e), low > from ? low : from, high < to ? high : to);
    });
  };
  // SAFETY: the root is a table.
  in(reinterpret_cast<const u64*>(frame_data(as.root)), begin, end, 3, [&](u64*, const u64* t3, u64 a3, u64 b3) {
    in(t3, a3, b3, 2, [&](u64*, const u64* t2, u64 a2, u64 b2) { in(t2, a2, b2, 1, f); });
  });
}
// Calls f(slot, va) for each occupied entry of [begin, end).
template <class F>
void each_entry(const AddressSpace::Core& as, u64 begin, u64 end, F&& f) {
  each_leaf(as, begin, end, [&](u64*, u64* table, u64 va, u64 last) {
    const u64 base = va & ~(kLeafSpan - 1);
    each_used(table_used(table_meta(table)), pte_index(va, 0), pte_index(last - 1, 0) + 1, [&](u32 i) {
      if (pte_load(table + i) & kPteOccupied) f(table + i, base + i * kPageSize);
    });
  });
}

// Drops the share of every entry of a leaf table that no processor uses any more, and frees the table.
void free_leaf(u64 table_pfn);

// Frames whose last share went, collected to be freed together.
class FrameBag {
 public:
  FrameBag() = default;
  ~FrameBag() { flush(); }
  FrameBag(const FrameBag&) = delete;
  void drop_share(u64 head) {
    if (!frame_drop(head)) return;
    if (count_ == kSize) flush();
    pfns_[count_++] = static_cast<u32>(head);
  }
  void flush() {
    if (count_) frames_free(pfns_, count_);
    count_ = 0;
  }

 private:
  static constexpr u32 kSize = 64;
  u32 count_ = 0;
  u32 pfns_[kSize];
};

// A Cursor's storage is a pointer to its CPU's room, which is at hand and needs no clearing.
// SAFETY: the constructor of Cursor has put the pointer there.
inline CursorImpl& cursor_impl(const u8* storage) { return **std::launder(reinterpret_cast<CursorImpl* const*>(storage)); }

}  // namespace ostd::common
