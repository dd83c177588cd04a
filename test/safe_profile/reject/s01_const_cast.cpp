// expect: S1
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

void f(const int& a) { const_cast<int&>(a) = 1; }

}  // namespace
}  // namespace svc
