// SPDX-License-Identifier: MPL-2.0
// What functions with local arrays put between these and their return address, and compare before they return: another number at
// each boot. One for all CPUs, since a task may enter a function on one and leave it on another.
#pragma once
#include <base/types.h>

extern "C" ostd::u64 __stack_chk_guard;

namespace ostd::target {
// Its lowest byte is zero: where a string is read too far the rest is not given away, where one is written too far it ends.
u64 fresh_stack_guard();
}
