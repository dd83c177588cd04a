// SPDX-License-Identifier: MPL-2.0
// CPUs of the fake machine: threads that have called fake::enter_cpu().
#pragma once
#include <base/types.h>

namespace ostd::common {
struct PerCpu;
}

namespace ostd::target {

struct FakeCpu {
  common::PerCpu* common = nullptr;
  u32 index = 0;
  bool irqs_on = true;
};
inline thread_local FakeCpu fake_cpu;

inline bool on_cpu() { return fake_cpu.common != nullptr; }
inline common::PerCpu* this_cpu() { return fake_cpu.common; }
inline void set_this_cpu(common::PerCpu* p) { fake_cpu.common = p; }
inline u32 current_cpu_index() { return fake_cpu.index; }
inline bool irqs_on() { return fake_cpu.irqs_on; }
inline void irq_disable() { fake_cpu.irqs_on = false; }
inline void irq_enable() { fake_cpu.irqs_on = true; }
inline constexpr bool kCopiesCode = false;
inline void code_changed() {}
inline void cpu_relax() {}
inline void before_switch() {}
struct AddressSpaceData {};

}  // namespace ostd::target
