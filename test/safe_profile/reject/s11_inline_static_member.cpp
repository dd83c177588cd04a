// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { static inline int calls = 0; };
int f() { return ++S::calls; }

}  // namespace
}  // namespace svc
