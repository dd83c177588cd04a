// SPDX-License-Identifier: MPL-2.0
// Kernel stacks. Frames come from and go back to the frame allocator with each stack; slots (virtual addresses) are used again,
// but only after every CPU has dropped what its TLB knew of them: freed slots wait until there are many, then one flush of all
// CPUs makes them fresh.
//
// Lists of slots are kept in the slots' own page tables: the entry of an unused slot's lowest page is not present and holds the
// number of the next slot plus one, shifted past the bits that the processor looks at, and inverted: as an address, which a
// processor with the L1TF bug takes it for, it is beyond all memory.
#include <base/trap.h>
#include <common/leaf_lock.h>
#include <common/account.h>
#include <common/frame_alloc.h>
#include <cpu/instructions.h>
#include <mem/layout.h>
#include <mem/paging.h>
#include <mem/regions.h>
#include <mem/stacks.h>
#include <mem/tlb.h>

namespace ostd::target {

extern "C" char boot_stack[];

namespace {
constexpr u32 kWaitFor = 256;  // freed slots that make a flush worth its cost
constexpr u32 kNone = 0;

struct SlotList {
  u32 first = kNone;  // slot number plus one
  u32 count = 0;
};
constinit RawSpin lock;  // the members below; interrupts off
u32 next_slot = 0;       // slots from here on were never used
constinit SlotList fresh{}, stale{};

u64 low_of(u32 slot) { return kStackArea + u64{slot} * kStackSlot + kStackSlot - kStackSize; }
u32 slot_of(const u8* low) { return static_cast<u32>((address_of(low) - kStackArea) / kStackSlot); }

void push(SlotList& list, u32 slot) {
  kernel_entry(low_of(slot)) = ~(u64{list.first} << 12) & kPteAddress;
  list.first = slot + 1;
  ++list.count;
}
u32 pop(SlotList& list) {
  const u32 slot = list.first - 1;
  u64& e = kernel_entry(low_of(slot));
  list.first = static_cast<u32>((~e & kPteAddress) >> 12);
  --list.count;
  e = 0;
  return slot;
}

u32 unused_slot() {
  OSTD_CHECK(next_slot < kAreaSize / kStackSlot);
  return next_slot++;
}

u32 take_slot() {
  SlotList flushed{};
  {
    const common::LeafLock l(lock);
    if (fresh.count != 0) return pop(fresh);
    if (stale.count < kWaitFor) return unused_slot();
    flushed = std::exchange(stale, {});
  }
  flush_everywhere();
  const common::LeafLock l(lock);
  while (flushed.count > 1) push(fresh, pop(flushed));
  return pop(flushed);
}
}  // namespace

Stack boot_stack_alloc() {
  const u64 low = low_of(unused_slot());
  map_kernel(low, early_pages(kStackSize / kPageSize), kStackSize, Rights::write, Small::yes);
  return {reinterpret_cast<u8*>(low), kStackSize};  // SAFETY: mapped just now, nobody else's
}

Stack stack_alloc() {
  const u64 low = low_of(take_slot());
  for (u64 at = 0; at < kStackSize; at += kPageSize)
    map_kernel(low + at, common::frame_alloc(common::FrameKind::stack) << kPageShift, kPageSize, Rights::write, Small::yes);
  return {reinterpret_cast<u8*>(low), kStackSize};  // SAFETY: mapped just now, nobody else's
}

void stack_free(Stack s) {
  const u64 low = address_of(s.low);
  OSTD_CHECK(stack_address(low) && s.size == kStackSize);
  for (u64 at = 0; at < kStackSize; at += kPageSize) {
    const u64 physical = unmap_kernel_page(low + at);
    invlpg(low + at);
    common::frame_free(physical >> kPageShift);
  }
  const common::LeafLock l(lock);
  push(stale, slot_of(s.low));
}

bool stack_address(u64 a) {
  const u64 boot = address_of(boot_stack);
  if (a >= boot && a - boot <= kStackSize - 16) return true;
  if (a < kStackArea || a - kStackArea >= u64{next_slot} * kStackSlot) return false;
  const u64 in_slot = (a - kStackArea) % kStackSlot;
  if (in_slot < kStackSlot - kStackSize || in_slot > kStackSlot - 16) return false;
  return (kernel_entry(a) & kPtePresent) != 0;
}

}  // namespace ostd::target
