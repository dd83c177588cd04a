// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

auto f(int& a) -> decltype(&a);

}  // namespace
}  // namespace svc
