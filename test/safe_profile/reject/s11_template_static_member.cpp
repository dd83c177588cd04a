// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> struct S { static inline int calls = 0; };
int f() { return ++S<int>::calls; }

}  // namespace
}  // namespace svc
