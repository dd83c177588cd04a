// expect: W
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int a) { if (a) return 1; }

}  // namespace
}  // namespace svc
