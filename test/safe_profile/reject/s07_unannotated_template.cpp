// expect: S7
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> const T& pick(const T& a) { return a; }
int f() { return pick(1); }

}  // namespace
}  // namespace svc
