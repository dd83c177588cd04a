// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <string_view>

namespace svc {
namespace {

template <class T> struct Lazy { struct In { T t; }; ostd::Opt<In> in{}; };
void f() { Lazy<std::string_view> l{}; (void)l; }

}  // namespace
}  // namespace svc
