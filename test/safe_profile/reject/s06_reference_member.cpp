// expect: S6
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { int& r; };

}  // namespace
}  // namespace svc
