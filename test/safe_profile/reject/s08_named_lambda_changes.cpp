// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int g(ostd::Vec<int> v) { auto clear = [&] { v.clear(); }; auto& r = v[0]; clear(); return r; }

}  // namespace
}  // namespace svc
