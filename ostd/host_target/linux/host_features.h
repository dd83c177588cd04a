// SPDX-License-Identifier: MPL-2.0
// What the host's processor and kernel offer.
#pragma once
#include <base/types.h>

namespace ostd::host {
bool has_fsgsbase();
bool has_bmi2();
u64 signal_frame_size();  // the largest the kernel makes
}  // namespace ostd::host
