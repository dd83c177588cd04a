// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <utility>

namespace svc {
namespace {

int f(int a) { if (a) return 1; std::unreachable(); }
// std::move

}  // namespace
}  // namespace svc
