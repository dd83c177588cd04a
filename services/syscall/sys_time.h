// SPDX-License-Identifier: MPL-2.0
// System calls of the family "time".
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

inline constexpr Array<Entry, 1> k_time_calls{};

}  // namespace svc::sys
