// expect: S4 +
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { try { return 1; } catch (...) { return 2; } }

}  // namespace
}  // namespace svc
