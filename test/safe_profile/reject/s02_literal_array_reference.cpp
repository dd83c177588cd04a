// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

char f() { auto& p = "abc"; return p[0]; }

}  // namespace
}  // namespace svc
