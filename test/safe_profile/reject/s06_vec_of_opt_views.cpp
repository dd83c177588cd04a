// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <base/vec.h>
#include <string_view>

namespace svc {
namespace {

void f() { ostd::Vec<ostd::Opt<std::string_view>> v{}; (void)v; }

}  // namespace
}  // namespace svc
