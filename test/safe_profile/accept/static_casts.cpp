// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>

namespace svc {
namespace {

enum class Kind : ostd::u8 { a, b };
ostd::u32 f(ostd::u64 n, Kind k) { return static_cast<ostd::u32>(n) + static_cast<ostd::u32>(k) + ostd::u32(n >> 32); }
Kind g(ostd::u8 n) { return static_cast<Kind>(n & 1); }

}  // namespace
}  // namespace svc
