// SPDX-License-Identifier: MPL-2.0
// The end of the machine: QEMU's exit devices, then ACPI, then what is left.
#include <acpi/acpi.h>
#include <common/target.h>
#include <console/raw.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <mem/paging.h>

namespace ostd::target {

namespace {
// SAFETY: device registers, written once each; map_device made the mappings.
volatile u8* sleep_register = nullptr;
volatile u8* reset_register = nullptr;

// SAFETY: mapped is null or what prepare_power mapped.
void write_register(const RegisterAddress& r, volatile u8* mapped, u8 v) {
  if (r.space == RegisterAddress::Space::port) outb(static_cast<u16>(r.address), v);
  else if (mapped) *mapped = v;
}

// QEMU's devices that carry a status out, found by what they answer to a read; ports without a device give 0xff.
constexpr u16 kDebugConsole = 0xe9, kDebugExit = 0xf4;
void tell_hypervisor(u8 code) {
  if (!features.hypervisor) return;
  if (inb(kDebugConsole) == 0xe9) outb(kDebugConsole, code);
  if (inb(kDebugExit) == 0) outb(kDebugExit, code);
}
void settle() {
  for (u32 i = 0; i < 1'000'000; ++i) cpu_relax();
}

// [acpi 6.5 4.8.3.2] PM1 control: SLP_EN bit 13, SLP_TYP bits 10-12; bit 0 says that the chipset is in ACPI mode.
void acpi_sleep() {
  if (!acpi.sleep_known) return;
  if (acpi.sleep_control.present()) {  // [acpi 6.5 4.8.3.7] hardware-reduced: SLP_TYP bits 2-4, SLP_EN bit 5
    write_register(acpi.sleep_control, sleep_register, static_cast<u8>(acpi.sleep_type_a << 2 | 0x20));
    settle();
    return;
  }
  if (acpi.pm1a_control == 0) return;
  const u16 a = static_cast<u16>(acpi.pm1a_control);
  if (!(inw(a) & 1) && acpi.smi_command != 0 && acpi.acpi_enable != 0) {
    outb(static_cast<u16>(acpi.smi_command), acpi.acpi_enable);
    settle();
  }
  outw(a, static_cast<u16>(acpi.sleep_type_a << 10 | 1 << 13));
  if (acpi.pm1b_control != 0) outw(static_cast<u16>(acpi.pm1b_control), static_cast<u16>(acpi.sleep_type_b << 10 | 1 << 13));
  settle();
}
}  // namespace

void prepare_power() {
  // SAFETY: a mapping of the register that the firmware names, kept for the end.
  const auto map = [](const RegisterAddress& r) -> volatile u8* {
    if (!r.present() || r.space != RegisterAddress::Space::memory) return nullptr;
    return map_device(r.address, 1, Rights::device);
  };
  sleep_register = map(acpi.sleep_control);
  reset_register = map(acpi.reset);
}

[[noreturn]] void power_off(u8 code) {
  irq_disable();
  stop_other_cpus();
  drain_consoles();
  tell_hypervisor(code);
  acpi_sleep();
  power_reboot();
}

[[noreturn]] void power_reboot() {
  irq_disable();
  stop_other_cpus();
  drain_consoles();
  if (acpi.reset.present()) {
    write_register(acpi.reset, reset_register, acpi.reset_value);
    settle();
  }
  outb(0x64, 0xfe);  // the keyboard controller's reset line
  settle();
  // SAFETY: a triple fault resets every PC, which is what is wanted.
  struct [[gnu::packed]] { u16 limit; u64 base; } const none{0, 0};
  asm volatile("lidt %0; int3" ::"m"(none));
  stop_here();
}

[[noreturn]] void power_halt() { stop_here(); }

}  // namespace ostd::target
