// expect: S4 +
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { co_return 1; }

}  // namespace
}  // namespace svc
