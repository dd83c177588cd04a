// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { static inline thread_local int n = 0; };
int f() { return ++S::n; }

}  // namespace
}  // namespace svc
