// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S;
template <class T> int take(T t) { return t->x; }
struct S { int x = 0; int f() { return take(this); } };

}  // namespace
}  // namespace svc
