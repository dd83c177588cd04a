// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct S { decltype(ostd::Vec<int>().begin()) it; };

}  // namespace
}  // namespace svc
