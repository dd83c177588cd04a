// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

class S {
 public:
  void set(int n) { f_ = [n] { return n; }; }
  int call() const { return f_(); }
 private:
  ostd::Fn<int()> f_{};
};

}  // namespace
}  // namespace svc
