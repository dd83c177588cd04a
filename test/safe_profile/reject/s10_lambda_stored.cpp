// expect: S10
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int& a) { auto l = [&a] { return a; }; return l(); }

}  // namespace
}  // namespace svc
