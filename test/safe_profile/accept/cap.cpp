// SPDX-License-Identifier: MPL-2.0
// Capabilities as services use them: kept, narrowed, duplicated, sent, checked at run time.
#include <boot/resource.h>
#include <ostd/task.h>

namespace svc {
namespace {

int read_it(ostd::CapRef<Box, box::read> b) { return b.get() + b->id(); }
int read_again(ostd::CapRef<Box, box::read | box::write> b) { return read_it(b); }

class Holder {
 public:
  explicit Holder(ostd::Cap<Box, box::read | ostd::kDup> b) : b_(std::move(b)) {}
  int value() const { return b_.get() + read_it(b_); }
  ostd::Cap<Box, box::read> share() const { return b_.dup(); }
  ostd::CapRef<Box, box::read> borrow() const [[clang::lifetimebound]] { return b_; }

 private:
  ostd::Cap<Box, box::read | ostd::kDup> b_;
};

class Entry {
 public:
  explicit Entry(ostd::DynCap<Box> b) : b_(std::move(b)) {}
  ostd::Result<int> value() const {
    const ostd::Result<ostd::CapRef<Box, box::read>> r = b_.as<box::read>(ostd::Errc::bad_descriptor);
    if (!r.ok()) return ostd::Err(r.error());
    return r.value().get();
  }
  ostd::Result<int> same() const { return TRY(b_.as<box::read>()).get(); }
  ostd::Result<int> borrowed() const {
    const ostd::CapRef<Box, box::read> r = TRY(b_.as<box::read>());
    return r.get() + r.get();
  }

 private:
  ostd::DynCap<Box> b_;
};

int use() {
  FullBox all = mint_box();
  all.set(3);
  const Entry e{ostd::DynCap<Box>(all.dup())};
  const Holder h(std::move(all));
  const ostd::CapRef<Box, box::read> r = h.borrow();
  return h.value() + h.share().get() + r.get() + e.value().value_or(0) + e.same().value_or(0) + e.borrowed().value_or(0);
}

ostd::Result<ostd::Ref<ostd::Task>> send(ostd::Cap<Box, box::write> b, ostd::Ref<ostd::Account> a) {
  return ostd::Task::spawn(ostd::TaskOptions{}, std::move(a), [b = std::move(b)] { b.set(1); });
}

}  // namespace

}  // namespace svc
