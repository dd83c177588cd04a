// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int a = 0; };
int f(S& s, int S::*p) { return s.*p; }

}  // namespace
}  // namespace svc
