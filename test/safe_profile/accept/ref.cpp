// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <type_traits>

namespace svc {
namespace {

class Inode : public ostd::RefCounted {
 public:
  explicit Inode(int n) : n_(n) {}
  int n() const { return n_; }
 private:
  int n_ = 0;
};
int f() { auto r = ostd::make_ref<Inode>(3); auto s = r; return s->n() + (*r).n(); }

}  // namespace
}  // namespace svc
