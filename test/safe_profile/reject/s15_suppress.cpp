// expect: S15
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int a) { [[clang::suppress]] return a; }

}  // namespace
}  // namespace svc
