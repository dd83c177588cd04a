// expect: S14
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

extern "C" void outb(int);
void f() { outb(1); }

}  // namespace
}  // namespace svc
