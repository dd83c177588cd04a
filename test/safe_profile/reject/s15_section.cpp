// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

[[gnu::section(".x")]] const int k = 1;

}  // namespace
}  // namespace svc
