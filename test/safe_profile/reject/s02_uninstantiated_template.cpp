// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> int f(T a) { return *&a; }

}  // namespace
}  // namespace svc
