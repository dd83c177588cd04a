// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <span>

namespace svc {
namespace {

struct S : std::span<int> {};

}  // namespace
}  // namespace svc
