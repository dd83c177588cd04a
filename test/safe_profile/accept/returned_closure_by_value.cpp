// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

auto adder(int n) { return [n](int m) { return n + m; }; }
int f() { return adder(1)(2); }

}  // namespace
}  // namespace svc
