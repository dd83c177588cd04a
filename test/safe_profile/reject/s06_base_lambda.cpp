// expect: S6
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class... F> struct Overload : F... { using F::operator()...; };
int f(int& a) { return Overload{[&a] { return a; }}(); }

}  // namespace
}  // namespace svc
