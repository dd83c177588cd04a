// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int (&a)[4], unsigned i) { return a[i]; }

}  // namespace
}  // namespace svc
