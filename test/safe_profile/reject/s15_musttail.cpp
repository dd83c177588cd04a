// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int g(int a) { return a; }
int f(int a) { [[clang::musttail]] return g(a); }

}  // namespace
}  // namespace svc
