// SPDX-License-Identifier: MPL-2.0
// The machine's virtio console: a VirtioPort with its device, memory and lock. A device that breaks its promises is given up, once
// and for all; what was to be written then goes to the serial port.
#pragma once
#include <base/opt.h>
#include <base/types.h>
#include <span>
#include <string_view>

namespace ostd::target {

// Finds a device and brings it up; false, with a log line: there is none that works. Once, in a task.
bool open_virtio_console(std::string_view command_line);
bool virtio_console_runs();

// All bytes, unless the device takes none for seconds: then the rest is dropped. False: it was given up.
bool virtio_console_write(std::span<const u8> bytes);
// For console_write_raw: never waits for long, whatever this CPU was doing before.
void virtio_console_write_text(std::string_view text);
// Waits until the device has taken what was written; a second at most.
void virtio_console_drain();

inline constexpr usize kVirtioConsoleRead = 256;
// Bytes that came; nothing when there are none. One caller at a time.
Opt<usize> virtio_console_read(std::span<u8, kVirtioConsoleRead> to);
u32 virtio_console_line();               // its interrupt
void virtio_console_acknowledge();       // in that interrupt's callback

}  // namespace ostd::target
