// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> int count = 0;
int f() { return ++count<int>; }

}  // namespace
}  // namespace svc
