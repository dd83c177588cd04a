// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f() { struct L { int a = 0; int twice() const { return 2 * a; } }; return L{.a = 3}.twice(); }

}  // namespace
}  // namespace svc
