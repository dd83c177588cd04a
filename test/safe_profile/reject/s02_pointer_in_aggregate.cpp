// expect: S2
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

struct S { ostd::Own<int> o; auto f() { struct P { decltype(o.operator->()) p; }; return P{o.operator->()}.p; } };

}  // namespace
}  // namespace svc
