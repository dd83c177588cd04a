// SPDX-License-Identifier: MPL-2.0
#include <common/account.h>
#include <common/frame_alloc.h>
#include <virtio/memory.h>

namespace ostd::target {

Opt<DmaMemory> dma_alloc(u32 order) {
  const u64 pfn = common::frame_alloc_order(common::FrameKind::meta, order, common::Charge::nobody);
  if (pfn == 0) return {};
  common::account_force_charge(common::root_account(), usize{1} << order);
  common::frame_zero(pfn, order);
  // SAFETY: frames that nobody else has and that are never freed, so a device that was given up may go on to use them; page aligned.
  return Opt<DmaMemory>(DmaMemory(common::frame_data(pfn), kPageSize << order, pfn << kPageShift));
}

}  // namespace ostd::target
