// expect: S4
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { volatile int a = 0; return a; }

}  // namespace
}  // namespace svc
