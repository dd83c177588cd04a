// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> int f() { static int n = 0; return ++n; }
int g() { return f<int>(); }

}  // namespace
}  // namespace svc
