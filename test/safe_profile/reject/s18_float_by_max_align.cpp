// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>

namespace svc {
namespace {

int f(std::max_align_t x) { return static_cast<int>(sizeof(x)); }
// u8

}  // namespace
}  // namespace svc
