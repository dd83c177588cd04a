// SPDX-License-Identifier: MPL-2.0
// What the host's processor and kernel offer.
#pragma once
#include <base/types.h>
#include <span>

namespace ostd::host {
bool has_fsgsbase();
bool has_bmi2();
usize host_bugs(std::span<char> to);  // the names that /proc/cpuinfo has behind `bugs`, a blank before each; how many bytes
u64 signal_frame_size();  // the largest the kernel makes
}  // namespace ostd::host
