// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

class S {
 public:
  void grow() { v_.push_back(1); }
  int f() { auto& r = v_[0]; grow(); return r; }
 private:
  ostd::Vec<int> v_{};
};

}  // namespace
}  // namespace svc
