// SPDX-License-Identifier: MPL-2.0
// Threads of the OS process, and its clocks.
#pragma once
#include <base/types.h>

namespace ostd::host {

// Starts a detached thread with every signal blocked. False when the host refuses.
bool start_thread(void (*f)(void*), void* arg, const char* name);
void yield_thread();
[[noreturn]] void sleep_forever();
// CLOCK_MONOTONIC and CLOCK_REALTIME of the host, nanoseconds.
u64 host_clock_ns();
i64 host_wall_ns();
void random_bytes(u8* to, usize size);

}  // namespace ostd::host
