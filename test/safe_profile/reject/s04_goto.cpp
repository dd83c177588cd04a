// expect: S4
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int a) { if (a) goto e; a = 1; e: return a; }

}  // namespace
}  // namespace svc
