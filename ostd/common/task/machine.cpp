// SPDX-License-Identifier: MPL-2.0
// Power: what ostd/machine.h declares and both targets share.
#include "lock_stats.h"
#include "sched.h"
#include <ostd/machine.h>

void ostd::Power::off(u8 exit_code) const {
  common::lock_stats_print();
  target::power_off(exit_code);
}
void ostd::Power::reboot() const { target::power_reboot(); }
void ostd::Power::halt() const { target::power_halt(); }
