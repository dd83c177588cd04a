// expect: S12
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { return __LINE__; }

}  // namespace
}  // namespace svc
