// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T>
int f() {
  struct Holder { T n{}; };
  static Holder h{};
  return ++h.n;
}
int g() { return f<int>(); }

}  // namespace
}  // namespace svc
