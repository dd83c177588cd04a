// expect: S6
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class F> struct Keep { F f; };
int g(int& a) { auto k = Keep{[&a] { return a; }}; return k.f(); }

}  // namespace
}  // namespace svc
