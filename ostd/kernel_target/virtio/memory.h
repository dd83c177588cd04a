// SPDX-License-Identifier: MPL-2.0
#pragma once
#include <base/opt.h>
#include <virtio/dma.h>

namespace ostd::target {
// 2^order pages, zeroed, for a device to use; ostd's own, never given to users or back. The machine pays. Nothing: memory is fragmented.
Opt<DmaMemory> dma_alloc(u32 order);
}  // namespace ostd::target
