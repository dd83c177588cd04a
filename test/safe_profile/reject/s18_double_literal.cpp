// expect: S18
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { return static_cast<int>(1.5); }

}  // namespace
}  // namespace svc
