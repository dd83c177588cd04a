// SPDX-License-Identifier: MPL-2.0
// Region arithmetic on small sorted arrays. Boot CPU only, before the other CPUs run.
#include <base/trap.h>
#include <cpu/instructions.h>
#include <mem/layout.h>
#include <mem/paging.h>
#include <mem/regions.h>

namespace ostd::target {

extern "C" char image_begin_phys[], image_end_phys[];

namespace {
constexpr usize kMax = 192;
struct RegionList {
  MemoryRegion r[kMax];
  usize n = 0;
  void add(u64 begin, u64 end) {
    if (begin < end && n < kMax) r[n++] = {PhysAddr{begin}, PhysAddr{end}};
  }
  void sort_and_merge() {
    for (usize i = 1; i < n; ++i)
      for (usize j = i; j > 0 && r[j].begin < r[j - 1].begin; --j) std::swap(r[j], r[j - 1]);
    usize kept = 0;
    for (usize i = 0; i < n; ++i) {
      if (kept > 0 && r[i].begin <= r[kept - 1].end) {
        if (r[kept - 1].end < r[i].end) r[kept - 1].end = r[i].end;
      } else {
        r[kept++] = r[i];
      }
    }
    n = kept;
  }
  void remove(u64 begin, u64 end) {
    if (begin >= end) return;
    const usize before = n;
    for (usize i = 0; i < before; ++i) {
      const u64 b = r[i].begin.value, e = r[i].end.value;
      if (e <= begin || end <= b) continue;
      r[i].end = PhysAddr{begin > b ? begin : b};
      if (end < e) add(end, e);  // the upper part
    }
    drop_empty();
    sort_and_merge();
  }
  void drop_empty() {
    usize kept = 0;
    for (usize i = 0; i < n; ++i)
      if (r[i].begin < r[i].end) r[kept++] = r[i];
    n = kept;
  }
};
constinit RegionList all{}, usable{};
usize total = 0;

u64 image_begin() { return address_of(image_begin_phys); }
u64 image_end() { return address_of(image_end_phys); }
constexpr u64 kLow = 0x100000;
}  // namespace

void init_regions() {
  for (usize i = 0; i < start_info.ram_count; ++i) {
    const PhysRange& r = start_info.ram[i];
    const u64 end = r.end < kDirectMapSize ? r.end : kDirectMapSize;
    if (r.begin < end) all.add((r.begin + kPageMask) & ~kPageMask, page_down(end));
  }
  all.sort_and_merge();
  for (usize i = 0; i < start_info.reserved_count; ++i) {
    const PhysRange& r = start_info.reserved[i];
    all.remove(page_down(r.begin), r.end > ~kPageMask ? ~kPageMask : page_up(r.end));
  }
  if (all.n == 0) panic("the boot loader told of no memory");
  for (usize i = 0; i < all.n; ++i) total += all.r[i].end - all.r[i].begin;
  all.remove(image_begin(), image_end());
  usable = {};
  for (usize i = 0; i < all.n; ++i) usable.add(all.r[i].begin.value, all.r[i].end.value);
  usable.remove(0, kLow);
  usable.remove(page_down(start_info.initramfs.begin), page_up(start_info.initramfs.end));
}

std::span<const MemoryRegion> ram() { return {all.r, all.n}; }
usize ram_bytes() { return total; }
bool in_ram(PhysRange range) {
  for (const MemoryRegion& r : ram())
    if (r.begin.value <= range.begin && range.end <= r.end.value) return true;
  return false;
}
std::span<const MemoryRegion> usable_memory() { return {usable.r, usable.n}; }
PhysAddr highest_memory() { return all.r[all.n - 1].end; }

namespace {
// From the end of the highest region that lies below `limit`.
u64 take(u64 bytes, u64 limit) {
  for (usize i = usable.n; i-- > 0;) {
    MemoryRegion& r = usable.r[i];
    if (r.begin.value >= limit || r.end.value > limit || r.end - r.begin < bytes) continue;
    r.end = r.end - bytes;
    const u64 at = r.end.value;
    usable.drop_empty();
    return at;
  }
  panic("not enough memory to boot");
}
}  // namespace

u64 early_pages(usize n) {
  const u64 at = take(n * kPageSize, 1ULL << 32);
  // SAFETY: nobody else has these pages; they are mapped by the boot identity map or the direct map.
  __builtin_memset(table_view(at), 0, n * kPageSize);
  return at;
}

void* early_alloc(usize bytes) {
  const u64 at = take(page_up(bytes), ~0ULL);
  u8* p = phys_to_virt(PhysAddr{at});
  __builtin_memset(p, 0, page_up(bytes));
  return p;
}

}  // namespace ostd::target
