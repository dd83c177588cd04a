// expect: S13
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { return /* nolintnextline */ 0; }

}  // namespace
}  // namespace svc
