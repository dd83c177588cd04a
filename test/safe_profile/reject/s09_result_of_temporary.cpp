// expect: S9
// SPDX-License-Identifier: MPL-2.0
#include <base/result.h>
#include <base/string.h>

namespace svc {
namespace {

ostd::Result<ostd::String> make();
int f() { auto& s = make().value().operator=(ostd::String()); return static_cast<int>(s.size()); }

}  // namespace
}  // namespace svc
