// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int g();
int f() { static const int n = g(); return n; }

}  // namespace
}  // namespace svc
