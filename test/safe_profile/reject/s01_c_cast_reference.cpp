// expect: S1
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(long& d) { return (int&)d; }

}  // namespace
}  // namespace svc
