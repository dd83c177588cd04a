// SPDX-License-Identifier: MPL-2.0
// The other CPUs: woken early in boot, so that they come up while the boot CPU measures clocks; then they wait to be released.
#pragma once
#include <base/types.h>

namespace ostd::target {

void wake_cpus();          // sends INIT and startup IPIs to every CPU that the MADT names
void gather_cpus();        // waits for them; fixes cpu_count(). Needs the clock.
bool machine_ends();       // some CPU has called stop_other_cpus()

}  // namespace ostd::target
