// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <auto P> int f() { return *P; }
constexpr int k = 3;
int g() { return f<&k>(); }

}  // namespace
}  // namespace svc
