// SPDX-License-Identifier: MPL-2.0
// Physical memory: one memory file, mapped once. A physical address is an offset in the file; the first page is left out, so that
// frame number 0 is never given out.
#include "mem/memory.h"

#include "linux/host_memory.h"

#include <common/target.h>

namespace ostd::host {

namespace {
constexpr u64 kFirst = kPageSize;  // frame 0 is no frame
constinit u8* g_base = nullptr;
constinit int g_file = -1;
constinit target::MemoryRegion g_region{};
constinit u64 g_end = 0;
}  // namespace

const char* memory_start(u64 size) {
  if (available_memory() / 8 * 7 < size) return "the host has not enough free memory for --memory";
  g_file = memory_file("albireo-memory", size);
  if (g_file < 0) return "the host refuses a memory file of this size";
  if (back_memory(g_file, 0, size) != 0) return "the host has not enough memory";
  g_base = map_memory(g_file, 0, size, MapRights::read_write);
  if (!g_base) return "the host refuses to map the machine's memory";
  g_region = {PhysAddr{kFirst}, PhysAddr{size}};
  g_end = size;
  return nullptr;
}
int memory_file_of_machine() { return g_file; }

}  // namespace ostd::host

using namespace ostd;
using namespace ostd::host;

auto ostd::target::usable_memory() -> std::span<const MemoryRegion> { return {&g_region, 1}; }
PhysAddr ostd::target::highest_memory() { return PhysAddr{g_end}; }
// SAFETY: callers pass addresses of usable regions, all of which lie in the mapping.
u8* ostd::target::phys_to_virt(PhysAddr p) { return g_base + p.value; }
PhysAddr ostd::target::virt_to_phys(const void* p) { return PhysAddr{static_cast<u64>(static_cast<const u8*>(p) - g_base)}; }
void* ostd::target::early_alloc(usize bytes) {
  const u64 size = page_up(bytes);
  if (g_region.end - g_region.begin < size) panic("too little memory for the frame records");
  g_region.end = g_region.end - size;
  return phys_to_virt(g_region.end);  // a new file reads as zeros
}
