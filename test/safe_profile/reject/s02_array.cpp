// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(unsigned i) { int a[4] = {}; return a[i]; }

}  // namespace
}  // namespace svc
