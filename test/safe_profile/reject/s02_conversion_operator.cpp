// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { operator int*() const; };

}  // namespace
}  // namespace svc
