// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int a = 0; friend int peek(S& s) { return *(&s.a + 1); } };

}  // namespace
}  // namespace svc
