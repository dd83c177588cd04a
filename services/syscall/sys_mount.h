// SPDX-License-Identifier: MPL-2.0
// System calls of the family "mount".
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

inline constexpr Array<Entry, 1> k_mount_calls{};

}  // namespace svc::sys
