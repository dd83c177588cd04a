// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() {
  static thread_local int n = 0;
  return ++n;
}

}  // namespace
}  // namespace svc
