// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

class Counter {
 public:
  Counter& add(int n) [[clang::lifetimebound]] { this->n_ += n; return *this; }
  Counter copy() const { return *this; }
  int n() const { return (*this).n_; }
 private:
  int n_ = 0;
};
int f() { Counter c; c.add(1).add(2); return c.copy().n(); }

}  // namespace
}  // namespace svc
