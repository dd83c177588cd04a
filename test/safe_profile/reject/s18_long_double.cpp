// expect: S18
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

long double f() { return 1; }

}  // namespace
}  // namespace svc
