// SPDX-License-Identifier: MPL-2.0
#pragma once
#include <base/types.h>

namespace ostd::host {
// Makes the memory file and maps it; nullptr, or what the host refused.
const char* memory_start(u64 size);
int memory_file_of_machine();
}  // namespace ostd::host
