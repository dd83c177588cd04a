// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

class C {
 public:
  ostd::Vec<int>& a() [[clang::lifetimebound]] { return a_; }
  const ostd::Vec<int>& b() const [[clang::lifetimebound]] { return b_; }
  int first() const { return a_[0]; }
 private:
  ostd::Vec<int> a_{};
  ostd::Vec<int> b_{};
};
void f(C& c) { for (int x : c.b()) c.a().push_back(x); }
int peek(C& c) { return c.first(); }
int g(C& c) { const int& r = c.b()[0]; return peek(c) + r; }

}  // namespace
}  // namespace svc
