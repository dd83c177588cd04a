// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

static_assert(sizeof(int) == 4, "int has 4 bytes");
int f() { return 0; }

}  // namespace
}  // namespace svc
