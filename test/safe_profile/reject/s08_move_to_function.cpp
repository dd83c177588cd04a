// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <utility>

namespace svc {
namespace {

void eat(ostd::Vec<int>) {}
int f(ostd::Vec<int> v) { auto& r = v[0]; eat(std::move(v)); return r; }

}  // namespace
}  // namespace svc
