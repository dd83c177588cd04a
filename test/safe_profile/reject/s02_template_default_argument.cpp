// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T = int*> struct S { int a = 0; };

}  // namespace
}  // namespace svc
