// SPDX-License-Identifier: MPL-2.0
// Panic until the common code has its own: message, backtrace, end of the machine.
#include <base/trap.h>
#include <console/raw.h>

[[gnu::weak]] void ostd::panic(std::string_view message) {
  asm volatile("cli");
  target::raw_print("\npanic: {}\n", message);
  u64 frames[24];
  const usize n = target::backtrace(frames);
  for (usize i = 0; i < n; ++i) {
    u64 offset = 0;
    const std::string_view name = target::symbol_name(frames[i] - 1, offset);
    target::raw_print("  {:016x} {}+{:#x}\n", frames[i], name, offset + 1);
  }
  target::power_off(101);
}

[[gnu::weak]] void ostd::check_failed(const char* what) { panic(what); }
