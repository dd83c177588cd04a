// SPDX-License-Identifier: MPL-2.0
// System calls of the family "files".
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

inline constexpr Array<Entry, 1> k_files_calls{};

}  // namespace svc::sys
