// SPDX-License-Identifier: MPL-2.0
// What a debugger starts from: the list of all tasks and the root object of the services. Read by tools/gdb only; the system itself
// never walks them.
#include "sched.h"
#include <ostd/machine.h>

namespace ostd::common {
constinit Task::Core* all_tasks = nullptr;  // the newest first
constinit const RefCounted* debug_root = nullptr;
}  // namespace ostd::common

namespace {
using namespace ostd;
using namespace ostd::common;

constinit target::RawSpin list_lock{};  // innermost; interrupts off: a task's last reference may be dropped anywhere

struct Hold {
  Hold() { list_lock.lock(); }
  ~Hold() { list_lock.unlock(); }
  Hold(const Hold&) = delete;
};
}  // namespace

void ostd::common::task_list_add(Task::Core& t) {
  const IrqOff off;
  const Hold hold;
  t.all_next = all_tasks;
  if (all_tasks) all_tasks->all_prev = &t;
  all_tasks = &t;
}

void ostd::common::task_list_remove(Task::Core& t) {
  const IrqOff off;
  const Hold hold;
  if (t.all_next) t.all_next->all_prev = t.all_prev;
  if (t.all_prev) t.all_prev->all_next = t.all_next;
  else if (all_tasks == &t) all_tasks = t.all_next;
}

void ostd::set_debug_root(Ref<RefCounted> root) {
  if (debug_root) return;
  debug_root = &*root;
  detail::RefAccess::retain(*root);
}
