// expect: S12
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { _Atomic(int) a = 0; return a; }

}  // namespace
}  // namespace svc
