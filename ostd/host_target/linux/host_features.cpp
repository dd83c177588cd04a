// SPDX-License-Identifier: MPL-2.0
#include "linux/host_features.h"

#include <sys/auxv.h>

namespace ostd::host {
bool has_fsgsbase() { return (getauxval(AT_HWCAP2) & 2) != 0; }  // HWCAP2_FSGSBASE
bool has_bmi2() { return __builtin_cpu_supports("bmi2") != 0; }
u64 signal_frame_size() { return getauxval(AT_MINSIGSTKSZ); }
}  // namespace ostd::host
