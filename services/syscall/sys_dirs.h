// SPDX-License-Identifier: MPL-2.0
// System calls of the family "dirs".
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

inline constexpr Array<Entry, 1> k_dirs_calls{};

}  // namespace svc::sys
