// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct Registry { int n = 0; };
Registry& instance() {
  static Registry r{};
  return r;
}

}  // namespace
}  // namespace svc
