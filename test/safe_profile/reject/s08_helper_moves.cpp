// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <utility>

namespace svc {
namespace {

ostd::Vec<int> taken(ostd::Vec<int>& v) { return std::move(v); }
int f(ostd::Vec<int>& v) { const int& r = v[0]; auto w = taken(v); return r; }

}  // namespace
}  // namespace svc
