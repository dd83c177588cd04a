// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int x = 0; int f() { return (0, this)->x; } };

}  // namespace
}  // namespace svc
