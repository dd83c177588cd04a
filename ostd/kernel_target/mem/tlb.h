// SPDX-License-Identifier: MPL-2.0
// Which user page table each CPU has loaded, and how stale TLB entries go away.
//
// A CPU keeps an address space loaded until it runs another one's user code. Its bit in AddressSpaceData::cpus says that it must
// be told of flushes; a flush raises flush_generation first and reads `cpus` and `lazy` afterwards, while a CPU sets its bit
// (clears lazy) first and reads the generation afterwards, all sequentially consistent: one of them sees the other. OS code
// never touches user addresses, so entries only have to be gone before user code runs again.
#pragma once
#include <cpu/cpu_area.h>

namespace ostd::target {

// Loads the address space on this CPU, up to date. Interrupts off; right before user mode.
void activate_slow(CpuArea& cpu, AddressSpaceData& space);
inline void activate(CpuArea& cpu, AddressSpaceData& space) {
  if (cpu.space == &space && cpu.lazy.load(Order::relaxed) == 0 &&
      cpu.space_generation == space.flush_generation.load(Order::acquire)) [[likely]]
    return;
  activate_slow(cpu, space);
}
// Does what other CPUs want flushed here. Interrupts off.
void serve_flushes();
// This CPU goes idle: nobody needs to tell it of flushes.
inline void go_lazy(CpuArea& cpu) { if (cpu.space) cpu.lazy.store(1, Order::release); }
// All entries of all CPUs, those of the kernel half too. Used after unmapping kernel pages. No spinlock may be held.
void flush_everywhere();
// The same without waiting, in any context; not again before it has ended.
void flush_everywhere_begin();
bool flush_everywhere_ended();

}  // namespace ostd::target
