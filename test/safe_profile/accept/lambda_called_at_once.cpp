// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

int f(int a) { const int b = [&] { if (a > 1) return 2; return 3; }(); return b; }

}  // namespace
}  // namespace svc
