// expect: S4
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

asm(".globl zz");

}  // namespace
}  // namespace svc
