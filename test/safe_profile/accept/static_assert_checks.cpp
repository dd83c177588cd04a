// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>

namespace svc {
namespace {

struct Stat { ostd::u64 dev = 0; ostd::u32 mode = 0; ostd::u32 pad = 0; };
static_assert(sizeof(Stat) == 16);

}  // namespace
}  // namespace svc
