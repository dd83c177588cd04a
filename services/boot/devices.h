// SPDX-License-Identifier: MPL-2.0
// Devices and kinds of file systems of the machine.
#pragma once
#include <services/process/system.h>
#include <services/process/caller.h>

namespace svc::boot {
void add_devices(const proc::System& system, const fs::DeviceTable& table, Cap<Console, console::write | console::listen | kDup> console);
void add_file_systems(const proc::System& system, const Ref<fs::DeviceTable>& table);
// Descriptors 0, 1, 2 of the first program; without a console they stay closed, as on Linux.
void open_console(const Context& who, const fs::FsContext& fs, const fs::FdTable& files);
}  // namespace svc::boot
