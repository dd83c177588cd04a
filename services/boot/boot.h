// SPDX-License-Identifier: MPL-2.0
// The composition root's entry.
#pragma once
#include <ostd/machine.h>

namespace svc::boot {
// Builds the machine and starts its first program; ends the machine with a message when it cannot.
void start(ostd::Boot b);
}  // namespace svc::boot
