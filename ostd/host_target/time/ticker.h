// SPDX-License-Identifier: MPL-2.0
// Timers of busy vCPUs: one thread sleeps until the earliest deadline of a vCPU that does not sleep itself, and raises its
// timer interrupt. No deadline, no wake-up.
#pragma once
#include "task/vcpu.h"

namespace ostd::host {
bool ticker_start();
// Tells the ticker of the vCPU's deadline, if it would wake too late for it.
void ticker_arm(Vcpu& v);
// The same, but only when the vCPU polls interrupts next: it may go to sleep before and then no thread need be woken.
void ticker_later(Vcpu& v);
// CLOCK_MONOTONIC of the host at boot.
u64 boot_ns();
}  // namespace ostd::host
