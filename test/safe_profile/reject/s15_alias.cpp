// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

[[gnu::alias("memcpy")]] int f();

}  // namespace
}  // namespace svc
