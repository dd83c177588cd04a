// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S {
  int next() const {
    static int n = 0;
    return ++n;
  }
};

}  // namespace
}  // namespace svc
