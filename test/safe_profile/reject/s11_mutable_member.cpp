// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { mutable int n = 0; int f() const { return ++n; } };

}  // namespace
}  // namespace svc
