// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

void f(int a) { (void)a; }

}  // namespace
}  // namespace svc
