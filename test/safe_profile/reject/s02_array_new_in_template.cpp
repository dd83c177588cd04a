// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T, unsigned N> struct A { T a[N] = {}; };
int f(unsigned i) { A<int, 4> x; return x.a[i]; }

}  // namespace
}  // namespace svc
