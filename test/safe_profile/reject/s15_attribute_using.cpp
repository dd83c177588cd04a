// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

[[using gnu: const]] int f() { return 0; }

}  // namespace
}  // namespace svc
