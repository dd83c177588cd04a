// expect: S14
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

}
template <class T> struct S { T t{}; };
extern template struct S<int>;
namespace {

}  // namespace
}  // namespace svc
