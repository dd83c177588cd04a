// SPDX-License-Identifier: MPL-2.0
// Interrupt dispatch. Each line that is ever used gets a vector of its own when it is first unmasked, directed to CPU 0.
#include <common/leaf_lock.h>
#include <common/target.h>
#include <cpu/cpu_area.h>
#include <irq/ioapic.h>
#include <irq/lapic.h>
#include <irq/msi.h>
#include <mem/tlb.h>
#include <trap/trap.h>

namespace ostd::target {

namespace {
constexpr u32 kVectors = kVectorLastLine - kVectorFirstLine + 1;
constinit Atomic<u32> lines[kVectors]{};  // line + 1 of each vector; 0: free. Once set it stays.
constinit RawSpin lock;                   // giving vectors to lines; interrupts off

u8 vector_of(u32 line) {
  for (u32 i = 0; i < kVectors; ++i)
    if (lines[i].load(Order::acquire) == line + 1) return static_cast<u8>(kVectorFirstLine + i);
  return 0;
}
u8 make_vector(u32 line) {
  if (const u8 v = vector_of(line); v != 0) return v;
  for (u32 i = 0; i < kVectors; ++i) {
    if (lines[i].load(Order::relaxed) != 0) continue;
    lines[i].store(line + 1, Order::release);
    const u8 vector = static_cast<u8>(kVectorFirstLine + i);
    (msi_has(line) ? msi_route : io_apic_route)(line, vector, cpu_areas[0].apic_id);
    return vector;
  }
  return 0;
}
}  // namespace

void irq_mask(u32 line, bool masked) {
  if (!io_apic_has(line) && !msi_has(line)) return;
  if (!masked) {
    const common::LeafLock l(lock);
    if (make_vector(line) == 0) return;  // more lines in use than vectors: the line stays masked
  }
  (msi_has(line) ? msi_mask : io_apic_mask)(line, masked);
}

void handle_interrupt(u32 vector) {
  switch (vector) {
    case kVectorTimer:
      this_area().timer_deadline = ~0ULL;
      end_of_interrupt();
      common::timer_interrupt();
      break;
    case kVectorIpi:
      end_of_interrupt();
      common::serve_ipi();
      break;
    case kVectorFlush:
      end_of_interrupt();
      serve_flushes();
      return;
    case kVectorSpurious: return;  // no end of interrupt [sdm3 11.9]
    default:
      if (vector >= kVectorFirstLine && vector <= kVectorLastLine)
        if (const u32 line = lines[vector - kVectorFirstLine].load(Order::acquire); line != 0) common::irq_raised(line - 1);
      end_of_interrupt();
      break;
  }
  common::irq_exit();
}

}  // namespace ostd::target
