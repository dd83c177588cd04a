// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class F> int twice(F&& f) { return f() + f(); }
int g(int a) { return twice([&] { return ++a; }); }

}  // namespace
}  // namespace svc
