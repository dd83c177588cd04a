// SPDX-License-Identifier: MPL-2.0
// Mistakes in arithmetic, compiled with the options of services (service_traps.cpp): each function is right but for some operands.
#pragma once
#include <base/types.h>

namespace contract {
ostd::i32 add(ostd::i32 a, ostd::i32 b);
ostd::usize subtract(ostd::usize a, ostd::usize b);
ostd::u32 shift(ostd::u32 a, ostd::u32 by);
ostd::u8 narrow(ostd::u32 a);
ostd::u64 change_sign(ostd::i64 a);
}  // namespace contract
