// SPDX-License-Identifier: MPL-2.0
// Console input on its way from the event thread to the receiver.
#pragma once

namespace ostd::host {
// Starts reading standard input. Once, when the heap works.
void input_start();
// On the vCPU that was interrupted, interrupts off: has the receivers called in deferred work.
void input_interrupt();
// In a signal handler: the terminal has another size.
void input_resized();
}  // namespace ostd::host
