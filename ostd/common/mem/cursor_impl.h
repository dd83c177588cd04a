// SPDX-License-Identifier: MPL-2.0
// What is inside a Cursor: the locked range, a remembered leaf table, and what has to be flushed and freed when it dies.
//
// Frames taken out of the table keep their share until then. A leaf table that is unmapped wholly is taken out as it is and
// remembers its frames itself; single entries are noted in an array that grows by scratch frames.
#pragma once
#include <common/page_table.h>
#include <common/percpu.h>
#include <common/target.h>

namespace ostd::common {

inline constexpr u32 kStaleRanges = 8;
inline constexpr u64 kFlushPages = 32;  // more: dropping everything is cheaper than page by page
inline constexpr u32 kInlineFrames = 16;

struct CursorImpl {
  AddressSpace::Core* as;
  RangeNode node;
  i64 resident = 0;                    // change of the resident set
  u64 leaf_base = ~u64{0};             // what leaf maps, if it is known
  u64* leaf = nullptr;
  u64 stale_pages = 0;
  VirtRange stale[kStaleRanges] = {};  // covers all stale translations, in order of finding
  u32 stale_ranges = 0;
  u32 tables = 0;                      // leaf tables taken out: list through FrameMeta::next
  u32 scratch = 0;                     // scratch frames: list through their first word
  u32 frame_count = 0;
  u32 frames[kInlineFrames];           // in use when scratch is 0, else empty
  bool narrowing = false;              // something was to lose rights

  CursorImpl(AddressSpace::Core& space, VirtRange range);
  // Unlocks, flushes, frees.
  void finish();

  // The leaf table for va; made when it is not there.
  u64* leaf_for(u64 va) { return (va & ~(kLeafSpan - 1)) == leaf_base ? leaf : make_leaf(va); }
  u64* make_leaf(u64 va);
  // Makes a filled leaf table reachable; nullptr. Or the one that is there already (made by the cursor of a neighbouring range).
  u64* install_leaf(u64 va, u64 table_pfn);
  u64* upper_slot(u64 va);  // the entry that points to va's leaf table; upper tables are made
  void note_stale(u64 va, u64 pages);
  // An entry was taken out: its translation and its share of a frame.
  void drop(u64 entry, u64 va);
  void drop_frame(u64 head);
  usize unmap(VirtRange r);
  void check(VirtRange r) const {
    OSTD_CHECK(((r.begin.value | r.end.value) & kPageMask) == 0 && r.begin.value <= r.end.value &&
               node.begin <= r.begin.value && r.end.value <= node.end && "addresses inside the cursor's range");
  }
  bool cached(u64 entry) const { return (entry & as->cached_bit) != 0; }
};

// The leaf table of the first address from `va` below `end` that has one; va moves there. nullptr: none, va is at or after end.
// Requires: a Cursor covers the addresses. level1 gets the entry that points to the table.
u64* find_leaf(const AddressSpace::Core& as, u64& va, u64 end, u64*& level1);
inline u64* find_leaf(const AddressSpace::Core& as, u64& va, u64 end) {
  u64* unused = nullptr;
  return find_leaf(as, va, end, unused);
}
// Calls f(slot, va) for each occupied entry of [begin, end).
template <class F>
void each_entry(const AddressSpace::Core& as, u64 begin, u64 end, F&& f) {
  for (u64 va = begin; u64* table = find_leaf(as, va, end);) {
    const u64 stop = (va | (kLeafSpan - 1)) + 1;
    const u64 last = stop < end ? stop : end;
    for (u64* slot = table + pte_index(va, 0); va < last; ++slot, va += kPageSize)
      if (pte_load(slot) & kPteOccupied) f(slot, va);
  }
}

// Drops the share of every entry of a leaf table that no processor uses any more, and frees the table. Pages that were mapped.
usize free_leaf(u64 table_pfn);

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

inline CursorImpl& cursor_impl(u8* storage) { return *std::launder(reinterpret_cast<CursorImpl*>(storage)); }
inline const CursorImpl& cursor_impl(const u8* storage) { return *std::launder(reinterpret_cast<const CursorImpl*>(storage)); }

}  // namespace ostd::common
