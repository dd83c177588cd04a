// expect: W
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

[[noreturn]] void f() {}
void g() { f(); }

}  // namespace
}  // namespace svc
