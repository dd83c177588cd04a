// expect: S11
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { static inline int n = 0; };

}  // namespace
}  // namespace svc
