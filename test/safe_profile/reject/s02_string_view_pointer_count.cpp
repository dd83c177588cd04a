// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <string_view>

namespace svc {
namespace {

char f(unsigned long n) { return std::string_view("abc", n)[5]; }

}  // namespace
}  // namespace svc
