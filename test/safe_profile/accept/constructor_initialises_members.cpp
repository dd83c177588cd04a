// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

class S { public: explicit S(int n) : n_(n) {} int n() const { return n_; } private: int n_; };

}  // namespace
}  // namespace svc
