// expect: S5
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(bool c) { int x; if (c) x = 1; return 0; }

}  // namespace
}  // namespace svc
