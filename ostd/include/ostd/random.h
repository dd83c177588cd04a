// SPDX-License-Identifier: MPL-2.0
// Random bytes fit for keys: a ChaCha20 generator seeded from the processor or the host. Never blocks.
#pragma once
#include <base/types.h>
#include <span>

namespace ostd::random {
void fill(std::span<u8> to);
u64 next_u64();
}  // namespace ostd::random
