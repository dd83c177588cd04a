// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int a = 0; };
template <class P> int f(S& s, P p) { return s.*p; }
int g(S& s) { return f(s, &S::a); }

}  // namespace
}  // namespace svc
