// SPDX-License-Identifier: MPL-2.0
// The filter of stub processes: host calls only from the trampoline's code and only the few it needs; every other system call
// instruction becomes SIGSYS.
#pragma once
#include <base/types.h>

namespace ostd::host {

// Writes u16 length, then at +8 the program. Requires: room for 512 bytes.
void write_stub_filter(u8* at);

}  // namespace ostd::host
