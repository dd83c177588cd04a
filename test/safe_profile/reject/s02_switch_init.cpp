// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int& a) { switch (auto p = &a; *p) { default: return 1; } }

}  // namespace
}  // namespace svc
