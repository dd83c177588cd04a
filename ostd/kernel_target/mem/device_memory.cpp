// SPDX-License-Identifier: MPL-2.0
#include <acpi/acpi.h>
#include <boot/start_info.h>
#include <cpu/features.h>
#include <mem/device_memory.h>
#include <mem/paging.h>

namespace ostd::target {

namespace {
bool overlap(PhysRange a, PhysRange b) { return a.begin < b.end && b.begin < a.end; }
}  // namespace

Opt<DeviceMemory> DeviceMemory::map(u64 physical, u64 size) {
  if (physical == 0 || physical % 4 != 0 || size == 0 || size > 1 << 20 || physical > (1ULL << features.physical_bits) - size) return {};
  // Whole pages: that is what a mapping has.
  const PhysRange r{page_down(physical), page_up(physical + size)};
  for (usize i = 0; i < start_info.ram_count; ++i)
    if (overlap(r, start_info.ram[i])) return {};
  if (overlap(r, {acpi.local_apic, acpi.local_apic + kPageSize})) return {};
  for (u32 i = 0; i < acpi.io_apic_count; ++i)
    if (overlap(r, {acpi.io_apics[i].address, acpi.io_apics[i].address + kPageSize})) return {};
  return DeviceMemory(map_device(physical, size, Rights::device), size);
}

}  // namespace ostd::target
