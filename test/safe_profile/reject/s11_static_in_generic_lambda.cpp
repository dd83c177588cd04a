// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { return [](auto x) { static int n = 0; return n += x; }(1); }

}  // namespace
}  // namespace svc
