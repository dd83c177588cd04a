// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int operator,(int) const { return 1; } };

}  // namespace
}  // namespace svc
