// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { return (+[] { return 1; })(); }

}  // namespace
}  // namespace svc
