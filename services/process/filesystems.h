// SPDX-License-Identifier: MPL-2.0
// The kinds of file systems that mount(2) can make, registered by the composition root.
#pragma once
#include <services/process/system.h>

namespace svc::proc {

// Errors: no_device (unknown kind), invalid_argument (options).
// to: what it will be mounted in.
Result<Ref<fs::FileSystem>> make_file_system(CapRef<fs::MountNamespace, fs::mounts::change> to, const System& system, std::string_view kind, std::string_view options);

}  // namespace svc::proc
