// SPDX-License-Identifier: MPL-2.0
// The pool of kernel stacks.
#include <base/trap.h>
#include <mem/layout.h>
#include <mem/paging.h>
#include <mem/regions.h>
#include <mem/stacks.h>

namespace ostd::target {

extern "C" char boot_stack[];

namespace {
constinit RawSpin lock;  // the members below
u64 next_slot = kStackArea;
u64 fresh_slot() {
  OSTD_CHECK(next_slot < kStackArea + kAreaSize);
  return std::exchange(next_slot, next_slot + kStackSlot);
}
}  // namespace

Stack boot_stack_alloc() {
  const u64 low = fresh_slot() + kStackSlot - kStackSize;
  map_kernel(low, early_pages(kStackSize / kPageSize), kStackSize, Rights::write, Small::yes);
  return {reinterpret_cast<u8*>(low), kStackSize};
}

bool stack_address(u64 a) {
  const u64 boot = reinterpret_cast<u64>(boot_stack);
  if (a >= boot && a - boot <= kStackSize - 16) return true;
  if (a < kStackArea || a > next_slot - 16) return false;
  const u64 in_slot = (a - kStackArea) % kStackSlot;
  return in_slot >= kStackSlot - kStackSize && in_slot <= kStackSlot - 16;
}

}  // namespace ostd::target
