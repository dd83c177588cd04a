// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <span>

namespace svc {
namespace {

struct V { std::span<int> s{}; };
void f() { ostd::Vec<V> v{}; (void)v; }

}  // namespace
}  // namespace svc
