// expect: S1
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

using R = int&;
int f(long& d) { return R(d); }

}  // namespace
}  // namespace svc
