// expect: S18
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { return 0x1p3 > 5; }

}  // namespace
}  // namespace svc
