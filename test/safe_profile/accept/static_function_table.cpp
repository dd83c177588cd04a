// SPDX-License-Identifier: MPL-2.0
#include <base/array.h>
#include <base/static_fn.h>
#include <base/static_str.h>

namespace svc {
namespace {

struct Entry { ostd::StaticStr name = ""; ostd::StaticFn<int(int)> call{}; };
int twice(int n) { return 2 * n; }
constexpr ostd::Array<Entry, 1> kEntries{Entry{"twice", twice}};
int f() { return kEntries[0].call(4); }

}  // namespace
}  // namespace svc
