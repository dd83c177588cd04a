// expect: S5
// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>
#include <base/vec.h>

namespace svc {
namespace {

class S {
 public:
  S() : n_(count()) {}
  ostd::usize count() const { return v_.size(); }
 private:
  ostd::usize n_ = 0;
  ostd::Vec<int> v_{};
};

}  // namespace
}  // namespace svc
