// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int x = 0; int f() { auto p = this; return p->x; } };

}  // namespace
}  // namespace svc
