// expect: S5
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

enum class E : int { a };
struct S { E e; };

}  // namespace
}  // namespace svc
