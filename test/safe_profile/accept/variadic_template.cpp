// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

template <class... A> int count(const A&... a) { return (0 + ... + static_cast<int>(a)); }
int f() { return count(1, 2U, 3L); }

}  // namespace
}  // namespace svc
