// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void f(ostd::Vec<int> v) { v.push_back(v[0]); v[0] = v[1]; }

}  // namespace
}  // namespace svc
