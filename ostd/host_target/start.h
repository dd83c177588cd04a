// SPDX-License-Identifier: MPL-2.0
#pragma once

namespace ostd::host {
// Puts the machine together as the arguments say and runs it. Ends the process.
[[noreturn]] void start_machine(int argc, char** argv);
}  // namespace ostd::host
