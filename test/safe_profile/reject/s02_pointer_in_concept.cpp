// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> concept C = requires(T t) { *(&t + 1); };
int f(C auto x) { return x; }

}  // namespace
}  // namespace svc
