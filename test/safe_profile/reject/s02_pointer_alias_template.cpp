// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> using P = T*;
int f(P<int> p) { return *p; }

}  // namespace
}  // namespace svc
