// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

class C {
 public:
  ostd::Vec<int>& a() [[clang::lifetimebound]] { return a_; }
  const ostd::Vec<int>& b() const [[clang::lifetimebound]] { return a_; }
 private:
  ostd::Vec<int> a_{};
};
void f(C& c) { for (int x : c.b()) c.a().push_back(x); }

}  // namespace
}  // namespace svc
