// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class T> T larger(const T& a, const T& b) { return a < b ? b : a; }
int f() { return larger(1, 2); }

}  // namespace
}  // namespace svc
