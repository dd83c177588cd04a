// SPDX-License-Identifier: MPL-2.0
// Which address spaces own one CPU's process-context identifiers. Pure: QEMU's TCG has no PCIDs, so unit tests stand for them.
#pragma once
#include <base/types.h>

namespace ostd::target {

// PCID 0 is the kernel's own table; the others are given out in turn.
struct Pcids {
  static constexpr u32 kCount = 8;
  struct Slot { u64 id = 0, generation = 0; };
  struct Taken { u32 pcid; bool fresh; };  // fresh: what the TLB has under it may be used
  Slot slots[kCount]{};  // what the entries tagged with PCID index + 1 belong to
  u32 next = 0;

  // The address space `id`, whose flushes up to `generation` are about to be done under the PCID given.
  Taken take(u64 id, u64 generation) {
    u32 i = 0;
    while (i < kCount && slots[i].id != id) ++i;
    const bool fresh = i < kCount && slots[i].generation == generation;
    if (i == kCount) i = next++ % kCount;
    slots[i] = {id, generation};
    return {i + 1, fresh};
  }
  // `id` is unloaded, flushes up to `generation` have been done.
  void leave(u64 id, u64 generation) {
    for (Slot& s : slots)
      if (s.id == id) s.generation = generation;
  }
};

}  // namespace ostd::target
