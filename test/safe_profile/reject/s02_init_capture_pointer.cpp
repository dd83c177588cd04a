// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int a) { return [p = &a] { return *p; }(); }

}  // namespace
}  // namespace svc
