// SPDX-License-Identifier: MPL-2.0
#pragma once
namespace ostd::target {
// Maps the registers that switching off needs, so that a panic can do it. After read_acpi().
void prepare_power();
}  // namespace ostd::target
