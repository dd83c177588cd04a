// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { return [n = 0]() mutable { return ++n; }(); }

}  // namespace
}  // namespace svc
