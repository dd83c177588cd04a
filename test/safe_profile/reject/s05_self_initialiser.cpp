// expect: S5
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { int x = x; return x; }

}  // namespace
}  // namespace svc
