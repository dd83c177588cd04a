// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { enum { a = 1 }; };

}  // namespace
}  // namespace svc
