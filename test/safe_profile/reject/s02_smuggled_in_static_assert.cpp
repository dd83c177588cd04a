// expect: S2
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int g(int& a);
static_assert(sizeof(&g) == 8);

}  // namespace
}  // namespace svc
