// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> struct S { T a{}; friend int peek(S& s) { return *(&s.a + 1); } };
int f(S<int>& s) { return peek(s); }

}  // namespace
}  // namespace svc
