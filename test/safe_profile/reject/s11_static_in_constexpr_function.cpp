// expect: S11 +
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

constexpr int f(bool b) {
  if (!b) return 0;
  static int n = 0;
  return ++n;
}

}  // namespace
}  // namespace svc
