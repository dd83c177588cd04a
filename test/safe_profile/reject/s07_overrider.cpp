// expect: S7
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct B { virtual ~B() = default; virtual const int& pick(const int& a [[clang::lifetimebound]], const int& b) const { return a; } };
struct D final : B { const int& pick(const int& a, const int& b [[clang::lifetimebound]]) const override { return b; } };

}  // namespace
}  // namespace svc
