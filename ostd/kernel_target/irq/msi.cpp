// SPDX-License-Identifier: MPL-2.0
// [pci3 6.8.2.6-6.8.2.9] An MSI-X table entry: address, address high, data, control (bit 0: masked). [sdm3 11.11] What a message says.
#include <common/leaf_lock.h>
#include <common/target.h>
#include <cpu/cpu_area.h>
#include <irq/msi.h>
#include <ostd/target/sync.h>

namespace ostd::target {

namespace {
constexpr u32 kFirst = 768, kCount = 64;
static_assert(kFirst + kCount <= common::kIrqLines);
struct Source { Opt<DeviceMemory> table; usize at = 0; };
constinit Source sources[kCount]{};  // below `used` they never change
constinit Atomic<u32> used{0};
constinit RawSpin lock;              // adding, and changes of entries; interrupts off

void set_mask(const Source& s, bool masked) {
  s.table->write<u32>(s.at + 12, masked ? 1 : 0);
  (void)s.table->read<u32>(s.at + 12);  // it has arrived
}
}  // namespace

Opt<u32> msi_add(const DeviceMemory& table, u32 index) {
  const usize at = usize{16} * index;
  if (table.size() < 16 || at > table.size() - 16 || cpu_areas[0].apic_id > 0xff) return {};
  const common::LeafLock l(lock);
  const u32 n = used.load(Order::relaxed);
  if (n == kCount) return {};
  sources[n] = {Opt<DeviceMemory>(table), at};
  set_mask(sources[n], true);
  used.store(n + 1, Order::release);  // the source is complete
  return kFirst + n;
}

bool msi_has(u32 line) { return line >= kFirst && line - kFirst < used.load(Order::acquire); }

void msi_route(u32 line, u8 vector, u32 apic_id) {
  if (!msi_has(line)) return;
  const common::LeafLock l(lock);
  const Source& s = sources[line - kFirst];
  set_mask(s, true);
  s.table->write<u32>(s.at, 0xfee00000 | apic_id << 12);
  s.table->write<u32>(s.at + 4, 0);
  s.table->write<u32>(s.at + 8, vector);  // fixed, edge
}

void msi_mask(u32 line, bool masked) {
  if (!msi_has(line)) return;
  const common::LeafLock l(lock);
  set_mask(sources[line - kFirst], masked);
}

}  // namespace ostd::target
