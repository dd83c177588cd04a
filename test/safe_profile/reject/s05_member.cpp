// expect: S5
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int x; };

}  // namespace
}  // namespace svc
