// SPDX-License-Identifier: MPL-2.0
// Where the machine says that virtio devices have their registers. Pure functions of what it says.
#pragma once
#include <acpi/bytes.h>
#include <string_view>

namespace ostd::target {

struct MmioPlace { u64 address = 0; u32 size = 0; u32 line = 0; };

// From the words virtio_mmio.device=SIZE@ADDRESS:LINE of a kernel command line, up to `--`; numbers as in C, SIZE perhaps with K or M.
// How many were found, at most to.size().
usize mmio_places_in_words(std::string_view command_line, std::span<MmioPlace> to);
// From a DSDT's AML, found by its bytes as \_S5 is: the devices with the hardware ID LNRO0005, whose resources are a fixed memory
// range and an interrupt.
usize mmio_places_in_aml(Bytes aml, std::span<MmioPlace> to);

}  // namespace ostd::target
