// SPDX-License-Identifier: MPL-2.0
#include <common/target.h>
#include <rt/stack_guard.h>

// Until kernel_start() has written it; nothing that returns is running then.
constinit ostd::u64 __stack_chk_guard = 0x5b17'c3a9'e04d'8600;

ostd::u64 ostd::target::fresh_stack_guard() {
  u64 v = 0;
  // SAFETY: any bytes make a number.
  entropy({reinterpret_cast<u8*>(&v), sizeof v});
  return v & ~0xffULL;
}
