// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int n = [] { static int k = 0; return ++k; }()) { return n; }

}  // namespace
}  // namespace svc
