// expect: S12
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

bool f() { return __is_trivially_copyable(int); }

}  // namespace
}  // namespace svc
