// SPDX-License-Identifier: MPL-2.0
// System calls of the family "process".
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

inline constexpr Array<Entry, 1> k_process_calls{};

}  // namespace svc::sys
