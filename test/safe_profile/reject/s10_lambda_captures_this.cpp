// expect: S10
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int x = 0; auto f() { return [this] { return x; }; } };

}  // namespace
}  // namespace svc
