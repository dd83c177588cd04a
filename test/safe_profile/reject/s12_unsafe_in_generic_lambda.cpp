// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

bool f(ostd::Own<int>& o) { return [](auto& t) { return t.release() ? true : false; }(o); }

}  // namespace
}  // namespace svc
