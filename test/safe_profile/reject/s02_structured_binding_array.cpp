// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { int a[2] = {1, 2}; auto [x, y] = a; return x + y; }

}  // namespace
}  // namespace svc
