// SPDX-License-Identifier: MPL-2.0
#include "service_traps.h"

namespace contract {
using namespace ostd;
i32 add(i32 a, i32 b) { return a + b; }
usize subtract(usize a, usize b) { return a - b; }
u32 shift(u32 a, u32 by) { return a << by; }
u8 narrow(u32 a) { return a; }
u64 change_sign(i64 a) { return a; }
}  // namespace contract
