// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>
#include <ostd/task.h>

namespace svc {
namespace {

ostd::Result<ostd::Ref<ostd::Task>> f(ostd::CapRef<Box, box::read> b, ostd::Ref<ostd::Account> a) {
  return ostd::Task::spawn(ostd::TaskOptions{}, std::move(a), [b] { static_cast<void>(b.get()); });
}

}  // namespace
}  // namespace svc
