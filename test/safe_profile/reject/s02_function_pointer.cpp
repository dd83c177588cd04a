// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int h() { return 1; }
int f() { auto p = h; return p(); }

}  // namespace
}  // namespace svc
