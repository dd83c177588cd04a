// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct alignas(64) S { int a = 0; };

}  // namespace
}  // namespace svc
