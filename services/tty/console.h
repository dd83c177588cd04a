// SPDX-License-Identifier: MPL-2.0
// The machine's console as a terminal: /dev/console, /dev/tty.
#pragma once
#include <ostd/machine.h>
#include <services/fs/device.h>

namespace svc::tty {
void add_console(const fs::DeviceTable& table, Cap<Console, console::write> output, Cap<Console, console::listen | kDup> input);
}  // namespace svc::tty
