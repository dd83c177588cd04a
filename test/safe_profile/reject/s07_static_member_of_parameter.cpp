// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <span>

namespace svc {
namespace {

struct P { ostd::Vec<int> v{}; };
std::span<const int> f(P p) { return p.v.items(); }

}  // namespace
}  // namespace svc
