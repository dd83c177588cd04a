// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int a) { struct L { int g(int& b) { return *(&b + 1); } }; return L().g(a); }

}  // namespace
}  // namespace svc
