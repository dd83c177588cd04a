// expect: S10
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

auto f(int a) { return [&a] { return a; }; }

}  // namespace
}  // namespace svc
