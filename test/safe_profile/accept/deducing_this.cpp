// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int n = 0; int get(this const S& self) { return self.n; } };
int f(const S& s) { return s.get(); }

}  // namespace
}  // namespace svc
