// SPDX-License-Identifier: MPL-2.0
// [ioapic 3.2] Registers are reached through an index and a data window.
#include <common/leaf_lock.h>
#include <acpi/acpi.h>
#include <cpu/instructions.h>
#include <irq/ioapic.h>
#include <mem/paging.h>
#include <ostd/target/sync.h>

namespace ostd::target {

namespace {
struct IoApic {
  volatile u32* window = nullptr;  // SAFETY: device registers, every access counts
  u32 first = 0, lines = 0;
};
constinit IoApic chips[8]{};
u32 chip_count = 0;
constinit RawSpin lock;  // index/data pairs; interrupts off

// SAFETY: window maps the chip's registers uncached; callers hold lock.
u32 read(IoApic& c, u32 index) { c.window[0] = index; return c.window[4]; }
void write(IoApic& c, u32 index, u32 v) { c.window[0] = index; c.window[4] = v; }

IoApic* chip_of(u32 line) {
  for (u32 i = 0; i < chip_count; ++i)
    if (line >= chips[i].first && line - chips[i].first < chips[i].lines) return &chips[i];
  return nullptr;
}
constexpr u32 kMasked = 1 << 16;
}  // namespace

void init_io_apics() {
  // [i8259] All lines of both PICs off. Ports without a chip swallow it.
  outb(0x21, 0xff);
  outb(0xa1, 0xff);
  if (acpi.io_apic_count == 0 && !acpi.found) acpi.io_apics[acpi.io_apic_count++] = {0xfec00000, 0};
  for (u32 i = 0; i < acpi.io_apic_count; ++i) {
    IoApic c;
    // SAFETY: map_device maps the chip's two registers uncached, for ever.
    c.window = reinterpret_cast<volatile u32*>(map_device(acpi.io_apics[i].address, 0x20, Rights::device));
    c.first = acpi.io_apics[i].first_line;
    const u32 version = read(c, 1);
    if (version == 0xffffffff) continue;  // nobody there
    c.lines = (version >> 16 & 0xff) + 1;
    for (u32 l = 0; l < c.lines; ++l) write(c, 0x10 + 2 * l, kMasked);
    chips[chip_count++] = c;
  }
}

u32 io_apic_lines() {
  u32 end = 0;
  for (u32 i = 0; i < chip_count; ++i)
    if (chips[i].first + chips[i].lines > end) end = chips[i].first + chips[i].lines;
  return end;
}
bool io_apic_has(u32 line) { return chip_of(line) != nullptr; }

void io_apic_route(u32 line, u8 vector, u32 apic_id) {
  IoApic* const c = chip_of(line);
  if (!c) return;
  bool level = line >= 16, low = false;
  for (const IsaOverride& o : acpi.isa)
    if (o.line == line) level = o.level, low = o.low;
  const common::LeafLock l(lock);
  const u32 at = 0x10 + 2 * (line - c->first);
  write(*c, at, kMasked);
  write(*c, at + 1, apic_id << 24);
  write(*c, at, kMasked | vector | (level ? 1U << 15 : 0) | (low ? 1U << 13 : 0));
}

void io_apic_mask(u32 line, bool masked) {
  IoApic* const c = chip_of(line);
  if (!c) return;
  const common::LeafLock l(lock);
  const u32 at = 0x10 + 2 * (line - c->first);
  const u32 v = read(*c, at);
  write(*c, at, masked ? v | kMasked : v & ~kMasked);
}

u32 isa_line(u32 isa) { return acpi.isa[isa & 15].line; }

}  // namespace ostd::target
