// SPDX-License-Identifier: MPL-2.0
#include <string_view>

namespace svc {
namespace {

// reinterpret_cast, new and goto in comments and strings are only words.
bool f(std::string_view s) { return s == "new union volatile #define [[assume]] 1.5"; }

}  // namespace
}  // namespace svc
