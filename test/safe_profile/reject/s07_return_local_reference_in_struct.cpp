// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct P { ostd::Vec<int> v{}; };
const int& f() { P p; return p.v[0]; }

}  // namespace
}  // namespace svc
