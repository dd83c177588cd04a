// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

ostd::Vec<int> make() { ostd::Vec<int> v; v.push_back(1); return v; }
int f() { int n = 0; for (int x : make()) n += x; return n; }

}  // namespace
}  // namespace svc
