// expect: S15
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

struct [[clang::trivial_abi]] S { ostd::Own<int> o; };

}  // namespace
}  // namespace svc
