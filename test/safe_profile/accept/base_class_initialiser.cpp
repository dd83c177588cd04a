// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct B { explicit B(int n) : n_(n) {} int n_ = 0; };
struct D : B { explicit D(int n) : B(n + 1), m_(n_ + 1) {} int m_ = 0; };
int f() { return D(1).m_; }

}  // namespace
}  // namespace svc
