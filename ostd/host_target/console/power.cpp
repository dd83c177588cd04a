// SPDX-License-Identifier: MPL-2.0
// The end of the machine is the end of the process; the host then kills the stubs.
#include "linux/host_signals.h"
#include "linux/host_thread.h"
#include "user/slot.h"

#include <common/target.h>

using namespace ostd;

void ostd::target::power_off(u8 code) {
  host::stubs_expect_end();
  host::end_process(code);
}
void ostd::target::power_reboot() {
  // As QEMU with -no-reboot: the caller of the process decides whether to start it again.
  power_off(0);
}
void ostd::target::power_halt() { host::sleep_forever(); }
void ostd::target::entropy(std::span<u8> to) { host::random_bytes(to.data(), to.size()); }
