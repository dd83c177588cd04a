// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int a[4] = {}; };

}  // namespace
}  // namespace svc
