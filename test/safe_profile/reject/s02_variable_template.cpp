// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> constexpr T* none_of = {};

}  // namespace
}  // namespace svc
