// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct S { ostd::Vec<int> v{}; operator const int&() const { return v[0]; } };

}  // namespace
}  // namespace svc
