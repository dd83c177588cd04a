// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int a) { if constexpr (false) { return *&a; } return 1; }

}  // namespace
}  // namespace svc
