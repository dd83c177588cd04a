// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <base/string.h>

namespace svc {
namespace {

int f(ostd::Opt<ostd::String> o) { auto v = o.value().view(); o.reset(); return static_cast<int>(v.size()); }

}  // namespace
}  // namespace svc
