// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int x = 0; int f(bool b) { return (b ? this : this)->x; } };

}  // namespace
}  // namespace svc
