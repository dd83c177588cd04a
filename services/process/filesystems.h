// SPDX-License-Identifier: MPL-2.0
// The kinds of file systems that mount(2) can make, registered by the composition root.
#pragma once
#include <services/process/caller.h>

namespace svc::proc {

// Errors: no_device (unknown kind), invalid_argument (options).
Result<Ref<fs::FileSystem>> make_file_system(Caller& c, std::string_view kind, std::string_view options);

}  // namespace svc::proc
