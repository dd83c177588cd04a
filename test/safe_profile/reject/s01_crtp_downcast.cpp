// expect: S1
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> struct Base { int f() { return static_cast<T&>(*this).x; } };
struct D : Base<D> { int x = 0; };
int f(D& d) { return d.f(); }

}  // namespace
}  // namespace svc
