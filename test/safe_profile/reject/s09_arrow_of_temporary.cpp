// expect: S9
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>

namespace svc {
namespace {

struct P { int n = 0; };
ostd::Opt<P> make();
int f() { auto& r = make()->n; return r; }

}  // namespace
}  // namespace svc
