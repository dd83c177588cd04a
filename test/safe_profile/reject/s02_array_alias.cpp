// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

using A = int[4];
int f(unsigned i) { A a = {}; return a[i]; }

}  // namespace
}  // namespace svc
