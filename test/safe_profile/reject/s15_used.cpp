// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

[[gnu::used]] int f() { return 0; }

}  // namespace
}  // namespace svc
