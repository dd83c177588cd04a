// expect: S12
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { _Complex int a = 0; return static_cast<int>(a); }

}  // namespace
}  // namespace svc
