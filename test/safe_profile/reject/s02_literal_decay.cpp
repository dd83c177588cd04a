// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

auto f() { auto p = "abc"; return p[7]; }

}  // namespace
}  // namespace svc
