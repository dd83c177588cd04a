// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct Pair { int a = 0, b = 0; };
int f() {
  static auto [a, b] = Pair{};
  return ++a;
}

}  // namespace
}  // namespace svc
