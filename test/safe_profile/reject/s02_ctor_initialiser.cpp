// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct S { explicit S(int& a) : b(*(&a + 1)) {} int b = 0; };

}  // namespace
}  // namespace svc
