// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class F> int apply(F&& f) { return f(1) + f(2L); }
int g(int k) { return apply([&](auto n) { return static_cast<int>(n) + k; }); }

}  // namespace
}  // namespace svc
