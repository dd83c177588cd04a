// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> int f(T& a, unsigned i) { return a[i]; }
int g(unsigned i) { return f("abc", i); }

}  // namespace
}  // namespace svc
