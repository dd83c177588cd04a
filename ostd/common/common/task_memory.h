// SPDX-License-Identifier: MPL-2.0
// TaskMemory: the part of a task that pays for memory (common/account.h says how). Touched by its own task only.
#pragma once
#include <ostd/reservation.h>

namespace ostd::common {

struct TaskMemory {
  usize credit = 0;                  // pages that may be used without asking
  i64 drawn = 0;                     // used minus given back since the account was told
  Account::Core* account = nullptr;  // null: the root account
  i64 loose_bytes = 0;               // sanitizer builds: bytes of the heap not yet drawn as pages
  usize deny_at = 0;                 // test hook: refuse the n-th next reservation; 0: none
  usize deny_count = 0;              // reservations since deny_nth()
};

// Of the task that runs on this CPU; in interrupts, deferred work and before the first task one of the root account.
TaskMemory& current_task_memory();
void task_memory_attach(TaskMemory& t, const Account& account);
void task_memory_detach(TaskMemory& t);
// Brings up frame allocator and heap; on the boot CPU, before the first task.
void memory_init();

}  // namespace ostd::common
