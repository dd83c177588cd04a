// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int a = 0; bool b = &a == &a; };

}  // namespace
}  // namespace svc
