// SPDX-License-Identifier: MPL-2.0
#pragma once
#include <base/own.h>
#include <string_view>
#include <virtio/transport.h>

namespace ostd::target {

inline constexpr u32 kVirtioConsole = 3;  // [virtio1.2 5]

// Looks for devices that must be looked at while no other CPU runs. Boot CPU, before find_virtio.
void survey_virtio();
// The first device of this type that can be used: where the command line says, where ACPI says, on PCI. Those that are there and
// cannot be used are told of in the log. In a task.
Opt<Own<Transport>> find_virtio(u32 type, std::string_view command_line);

}  // namespace ostd::target
