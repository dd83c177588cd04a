// expect: S13
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { return 0; }  // NOLINT

}  // namespace
}  // namespace svc
