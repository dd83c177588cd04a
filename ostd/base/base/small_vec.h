// SPDX-License-Identifier: MPL-2.0
// SmallVec<T, N>: a Vec that needs no memory of its own up to N elements. Same interface.
#pragma once
#include <base/vec.h>

namespace ostd {
template <class T, usize N>
using SmallVec = Vec<T, N>;
}  // namespace ostd
