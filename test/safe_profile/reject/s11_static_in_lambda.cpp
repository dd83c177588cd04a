// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() {
  const auto next = [] {
    static int n = 0;
    return ++n;
  };
  return next();
}

}  // namespace
}  // namespace svc
