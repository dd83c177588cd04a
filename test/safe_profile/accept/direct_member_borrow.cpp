// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct In { ostd::Vec<int> v{}; };
struct S { In in{}; int f() { auto& r = in; r.v.push_back(1); in.v.push_back(2); return r.v[0]; } };

}  // namespace
}  // namespace svc
