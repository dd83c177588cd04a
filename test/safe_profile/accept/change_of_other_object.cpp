// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int> a, ostd::Vec<int> b) { auto& r = a[0]; b.push_back(r); return r; }

}  // namespace
}  // namespace svc
