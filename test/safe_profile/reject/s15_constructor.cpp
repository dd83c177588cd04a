// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

[[gnu::constructor]] void f() {}

}  // namespace
}  // namespace svc
