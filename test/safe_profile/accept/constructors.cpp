// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

class S {
 public:
  explicit S(int n) : a_(n), b_(a_ + 1) { v_.push_back(sum()); }
  int sum() const { return a_ + b_; }
 private:
  int a_ = 0;
  int b_ = 0;
  ostd::Vec<int> v_{};
};

}  // namespace
}  // namespace svc
