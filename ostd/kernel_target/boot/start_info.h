// SPDX-License-Identifier: MPL-2.0
// What the PVH boot loader says about the machine, copied out of its memory. [pvh]
#pragma once
#include <base/types.h>
#include <span>
#include <string_view>

namespace ostd::target {

struct PhysRange { u64 begin = 0, end = 0; };

struct StartInfo {
  static constexpr usize kMaxRanges = 128;
  PhysRange ram[kMaxRanges];       // as told, unsorted, may be unaligned
  usize ram_count = 0;
  PhysRange reserved[kMaxRanges];  // everything else in the map
  usize reserved_count = 0;
  PhysRange initramfs;             // empty: none
  u64 rsdp = 0;                    // physical; 0: not told
  char command_line[4096];
  usize command_line_size = 0;
};
extern StartInfo start_info;

// Reads the loader's structures through the boot identity map (4 GiB). False: not a PVH start.
bool read_start_info(u32 physical);

}  // namespace ostd::target
