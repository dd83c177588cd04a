// expect: S4
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { union { int a = 0; unsigned b; }; };
unsigned f(S s) { return s.b; }

}  // namespace
}  // namespace svc
