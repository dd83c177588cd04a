// SPDX-License-Identifier: MPL-2.0
// Which physical memory is RAM, which of it the frame allocator may have, and early allocation before there is one.
#pragma once
#include <boot/start_info.h>
#include <common/target.h>

namespace ostd::target {

// Sorts out start_info's map: RAM in whole pages, without anything the loader calls reserved. Then takes the kernel image, the
// first MiB and the initramfs from what is usable.
void init_regions();
// All RAM in whole pages, for the direct map: the image's pages are left out, the initramfs and low memory are not.
std::span<const MemoryRegion> ram();
usize ram_bytes();
bool in_ram(PhysRange r);  // all of it, outside the image
// Physical address of n zeroed pages below 4 GiB, taken for ever from usable memory; panics when there are none.
u64 early_pages(usize n);

}  // namespace ostd::target
