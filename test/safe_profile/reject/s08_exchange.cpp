// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <utility>

namespace svc {
namespace {

int f(ostd::Vec<int> v) { auto& r = v[0]; ostd::Vec<int> w = std::exchange(v, ostd::Vec<int>()); return r + static_cast<int>(w.size()); }

}  // namespace
}  // namespace svc
