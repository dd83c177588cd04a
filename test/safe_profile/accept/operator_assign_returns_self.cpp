// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

class S { public: S() = default; S(const S& o) : n_(o.n_) {} S& operator=(const S& o) { n_ = o.n_; return *this; } private: int n_ = 0; };

}  // namespace
}  // namespace svc
