// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { virtual ~S() = default; [[noreturn]] virtual void f() { for (;;) {} } };

}  // namespace
}  // namespace svc
