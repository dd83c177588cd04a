// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { int* p = {}; return p ? 1 : 0; }

}  // namespace
}  // namespace svc
