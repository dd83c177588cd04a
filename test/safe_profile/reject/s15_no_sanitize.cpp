// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

[[clang::no_sanitize("bounds")]] int f() { return 0; }

}  // namespace
}  // namespace svc
