// expect: S7
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

auto f(int a) { auto l = [&a] { return a; }; return l; }

}  // namespace
}  // namespace svc
