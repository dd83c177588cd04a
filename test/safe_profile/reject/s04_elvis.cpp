// expect: S4
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int a) { return a ?: 3; }

}  // namespace
}  // namespace svc
