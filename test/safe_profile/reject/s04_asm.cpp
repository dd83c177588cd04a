// expect: S4
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

void f() { asm("cli"); }

}  // namespace
}  // namespace svc
