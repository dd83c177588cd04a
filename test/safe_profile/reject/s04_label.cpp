// expect: S4
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { x: return 1; }

}  // namespace
}  // namespace svc
