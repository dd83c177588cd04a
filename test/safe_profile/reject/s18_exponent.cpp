// expect: S18
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { return 1e3 > 5; }

}  // namespace
}  // namespace svc
