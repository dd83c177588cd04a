// SPDX-License-Identifier: MPL-2.0
// Kernel page tables. W^X: text is read-execute, rodata read-only, all else no-execute; the image has no alias in the direct map.
#include <base/trap.h>
#include <common/leaf_lock.h>
#include <common/account.h>
#include <common/frame_alloc.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <cpu/speculation.h>
#include <mem/layout.h>
#include <mem/paging.h>
#include <mem/regions.h>
#include <ostd/target/sync.h>

namespace ostd::target {

extern "C" char text_begin[], entry_text_end[], text_end[], rodata_end[], image_end[];

namespace {
constinit RawSpin lock;  // changes of the tables, and next_device
u64 view_base = 0;       // 0: identity map; then the direct map
u64 root = 0;
u64 user_half = 0;       // isolated: upper_half()
u64 next_device = kMmioArea;

}  // namespace

u64 entry_bits(Rights r) {
  const u64 nx = features.nx ? kPteNoExec : 0;
  const u64 global = features.pge && !mitigations.isolate ? kPteGlobal : 0;
  switch (r) {
    case Rights::read: return kPtePresent | global | nx;
    case Rights::write: return kPtePresent | kPteWrite | global | nx;
    case Rights::exec: return kPtePresent | global;
    case Rights::device: return kPtePresent | kPteWrite | kPteWriteThrough | kPteCacheDisable | global | nx;
  }
  __builtin_unreachable();
}

namespace {
// Kernel tables are never freed; the machine pays for them.
u64 table_page() {
  if (common::g_frames.meta == nullptr) return early_pages(1);
  const u64 pfn = common::frame_alloc(common::FrameKind::meta, common::Charge::nobody);
  common::account_force_charge(common::root_account(), 1);
  common::frame_zero(pfn);
  return pfn << kPageShift;
}

u64* next_table(u64& entry) {
  if (!(entry & kPtePresent)) entry = table_page() | kPtePresent | kPteWrite;
  OSTD_CHECK(!(entry & kPteLarge));
  return table_view(entry & kPteAddress);
}

// The entry for `address` at level (0: 4 KiB, 1: 2 MiB, 2: 1 GiB), tables made as needed.
u64& entry_at(u64 top, u64 address, u32 level) {
  u64* table = table_view(top);
  for (u32 l = 3; l > level; --l) table = next_table(table[address >> (12 + 9 * l) & 511]);
  return table[address >> (12 + 9 * level) & 511];
}

void map_locked(u64 to, u64 address, u64 physical, u64 size, Rights rights, Small small) {
  OSTD_CHECK(((address | physical | size) & kPageMask) == 0);
  const u32 top = small == Small::yes ? 0 : features.gigabyte_pages ? 2 : 1;
  while (size != 0) {
    u32 level = top;
    while (level > 0 && (((address | physical) & ((1ULL << (12 + 9 * level)) - 1)) != 0 || size < 1ULL << (12 + 9 * level))) --level;
    u64& e = entry_at(to, address, level);
    OSTD_CHECK(e == 0 && "kernel address is not mapped yet");
    e = physical | entry_bits(rights) | (level > 0 ? kPteLarge : 0);
    const u64 step = 1ULL << (12 + 9 * level);
    address += step, physical += step, size -= step;
  }
}
void map_image(const char* begin, const char* end, Rights rights) {
  map_locked(root, address_of(begin), address_of(begin) - kKernelBase, address_of(end) - address_of(begin), rights, Small::no);
}
}  // namespace

u64* table_view(u64 physical) {
  // SAFETY: page tables are RAM, which the identity map (below 4 GiB) or the direct map covers.
  return reinterpret_cast<u64*>(view_base + physical);
}
// SAFETY: the direct map covers all RAM; whoever uses the pointer owns the memory.
u8* phys_to_virt(PhysAddr p) { return reinterpret_cast<u8*>(kDirectMap + p.value); }
PhysAddr virt_to_phys(const void* p) { return PhysAddr{address_of(p) - kDirectMap}; }

void init_kernel_tables() {
  root = early_pages(1);
  map_image(text_begin, text_end, Rights::exec);
  map_image(text_end, rodata_end, Rights::read);
  map_image(rodata_end, image_end, Rights::write);
  for (const MemoryRegion& r : ram()) map_locked(root, kDirectMap + r.begin.value, r.begin.value, r.end - r.begin, Rights::write, Small::no);
  // Every top-level slot of the kernel half that may ever be used exists from now on.
  (void)next_table(table_view(root)[kStackArea >> 39 & 511]);
  (void)next_table(table_view(root)[kPieceArea >> 39 & 511]);
  (void)next_table(table_view(root)[kMmioArea >> 39 & 511]);
  // SAFETY: the new tables map all that the running code uses: image, boot stack (in .bss) and the page tables themselves.
  write_cr3(root);
  view_base = kDirectMap;
  user_half = mitigations.isolate ? early_pages(1) : root;
  show_to_users(address_of(text_begin), address_of(text_begin) - kKernelBase, address_of(entry_text_end) - address_of(text_begin), Rights::exec);
}

u64 kernel_root() { return root; }
u64 upper_half() { return user_half; }
void copy_upper_half(u64* to, u64 from) { __builtin_memcpy(to + 256, table_view(from) + 256, 2048); }
void show_to_users(u64 address, u64 physical, u64 size, Rights rights) {
  if (mitigations.isolate) map_locked(user_half, address, physical, size, rights, Small::yes);
}

void map_kernel(u64 address, u64 physical, u64 size, Rights rights, Small small) {
  const common::LeafLock l(lock);
  map_locked(root, address, physical, size, rights, small);
}

u64& kernel_entry(u64 address) {
  const common::LeafLock l(lock);
  return entry_at(root, address, 0);
}

void add_kernel_table(u64 address, u64 table) {
  const common::LeafLock l(lock);
  u64& e = entry_at(root, address, 1);
  OSTD_CHECK(e == 0);
  e = table | kPtePresent | kPteWrite;
}

u64 unmap_kernel_page(u64 address) {
  u64& e = kernel_entry(address);
  const u64 physical = e & kPteAddress;
  OSTD_CHECK(e & kPtePresent);
  e = 0;
  return physical;
}

u8* map_device(u64 physical, u64 size, Rights rights) {
  const u64 begin = page_down(physical), end = page_up(physical + size);
  OSTD_CHECK(size != 0 && begin < end && end <= 1ULL << features.physical_bits);
  const common::LeafLock l(lock);
  const u64 at = next_device;
  OSTD_CHECK(kMmioArea + kAreaSize - at > end - begin + kPageSize);
  next_device += end - begin + kPageSize;  // an unmapped page between two
  map_locked(root, at, begin, end - begin, rights, Small::no);
  return reinterpret_cast<u8*>(at + (physical - begin));  // SAFETY: mapped just now, nobody else's
}

}  // namespace ostd::target
