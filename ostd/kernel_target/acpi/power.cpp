// SPDX-License-Identifier: MPL-2.0
// The end of the machine: QEMU's exit device when the command line names its port, then ACPI, then what is left.
#include <acpi/acpi.h>
#include <boot/start_info.h>
#include <common/target.h>
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

// The value of `albireo.exit_port=`; 0: not given. The device cannot be found by looking.
u16 exit_port() {
  constexpr std::string_view kWord = "albireo.exit_port=0x";
  const std::string_view line(start_info.command_line, start_info.command_line_size);
  const usize at = line.find(kWord);
  if (at == std::string_view::npos) return 0;
  u32 port = 0;
  for (usize i = at + kWord.size(); i < line.size(); ++i) {
    const char c = line[i];
    const u32 digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
    if (digit == 16) break;
    port = port * 16 + digit;
    if (port > 0xffff) return 0;
  }
  return static_cast<u16>(port);
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
  if (const u16 port = exit_port(); port != 0) {
    outl(port, code);
    settle();
  }
  acpi_sleep();
  power_reboot();
}

[[noreturn]] void power_reboot() {
  irq_disable();
  stop_other_cpus();
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
