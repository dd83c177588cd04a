// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <base/types.h>
#include <base/vec.h>

namespace svc {
namespace {

struct S { ostd::Vec<ostd::String> v{}; void drop(const ostd::String& s) { v.clear(); n = s.size(); } ostd::usize n = 0; void f() { drop(v[0]); } };

}  // namespace
}  // namespace svc
