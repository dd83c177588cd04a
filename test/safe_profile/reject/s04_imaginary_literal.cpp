// expect: S4
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { return static_cast<int>(3i); }

}  // namespace
}  // namespace svc
