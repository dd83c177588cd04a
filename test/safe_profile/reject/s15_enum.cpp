// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

enum E { a, b };
E f(int i) { return static_cast<E>(i); }

}  // namespace
}  // namespace svc
