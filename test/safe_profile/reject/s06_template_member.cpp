// expect: S6
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> struct Box { T t; };
int f(int& a) { Box<int&> b{a}; return b.t; }

}  // namespace
}  // namespace svc
