// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> requires(sizeof(T*) == 8) int f(T) { return 1; }

}  // namespace
}  // namespace svc
