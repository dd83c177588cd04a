// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>

namespace svc {
namespace {

template <class F> int run(F&& f) { return static_cast<int>(f().size()); }
int f(const ostd::String& s) { return run([&] { return s.view(); }); }

}  // namespace
}  // namespace svc
