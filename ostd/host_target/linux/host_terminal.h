// SPDX-License-Identifier: MPL-2.0
// The terminal the process was started from. All functions may be called in signal handlers.
#pragma once
#include <base/types.h>
#include <string_view>

namespace ostd::host {

// Who gets Ctrl-C and the like: the guest as a byte, or this process as a signal (to stop it in a debugger).
enum class TerminalKeys : u8 { guest, host };
// Switches the terminal to raw mode if standard input is one; the second again after a stop (SIGCONT).
void terminal_raw(TerminalKeys keys);
void terminal_raw_again();
void terminal_restore();
bool terminal_is_raw();
struct TerminalSize { u16 rows; u16 columns; };
TerminalSize terminal_size();
// Writes all of it, waiting if need be; errors are ignored (nobody is left to tell).
void write_all(int file, const u8* from, usize size);
void write_text(int file, std::string_view text);

}  // namespace ostd::host
