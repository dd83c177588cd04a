// expect: S12
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

void f() { __builtin_unreachable(); }

}  // namespace
}  // namespace svc
