// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

class S {
 public:
  ostd::Vec<int>& items() [[clang::lifetimebound]] { return v_; }
  int f() { auto& r = v_[0]; items().clear(); return r; }
  int g() { auto& r = items()[0]; v_.clear(); return r; }
 private:
  ostd::Vec<int> v_{};
};

}  // namespace
}  // namespace svc
