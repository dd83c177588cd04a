// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int a) noexcept(noexcept(&a));

}  // namespace
}  // namespace svc
