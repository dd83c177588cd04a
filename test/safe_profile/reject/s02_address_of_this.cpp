// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { bool same(const S& o) const { return this == &o; } };

}  // namespace
}  // namespace svc
