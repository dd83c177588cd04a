// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

int call(ostd::FnRef<int(int)> f) { return f(1); }
int g(int a) { return call([&a](int n) { return a + n; }); }

}  // namespace
}  // namespace svc
