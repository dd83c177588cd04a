// SPDX-License-Identifier: MPL-2.0
// System calls of the family "poll".
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

inline constexpr Array<Entry, 1> k_poll_calls{};

}  // namespace svc::sys
