// expect: S4
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

long f() { return 1; x: return static_cast<bool>(&&x); }

}  // namespace
}  // namespace svc
