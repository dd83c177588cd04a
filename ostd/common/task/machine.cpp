// SPDX-License-Identifier: MPL-2.0
// Power: what ostd/machine.h declares and both targets share.
#include "sched.h"

void ostd::Power::off(u8 exit_code) const { target::power_off(exit_code); }
void ostd::Power::reboot() const { target::power_reboot(); }
void ostd::Power::halt() const { target::power_halt(); }
