// expect: S1
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

using R = int&;
int f(const int& d) { return R(d) += 1; }

}  // namespace
}  // namespace svc
