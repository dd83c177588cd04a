// SPDX-License-Identifier: MPL-2.0
// Puts the families together, at compile time. A number that two families claim does not compile.
#include <services/syscall/names.h>
#include <services/syscall/sys_creds.h>
#include <services/syscall/sys_dirs.h>
#include <services/syscall/sys_events.h>
#include <services/syscall/sys_exec.h>
#include <services/syscall/sys_fdctl.h>
#include <services/syscall/sys_files.h>
#include <services/syscall/sys_futex.h>
#include <services/syscall/sys_handles.h>
#include <services/syscall/sys_inotify.h>
#include <services/syscall/sys_ipc.h>
#include <services/syscall/sys_memory.h>
#include <services/syscall/sys_more_files.h>
#include <services/syscall/sys_mount.h>
#include <services/syscall/sys_pidfd.h>
#include <services/syscall/sys_poll.h>
#include <services/syscall/sys_kcmp.h>
#include <services/syscall/sys_priority.h>
#include <services/syscall/sys_process.h>
#include <services/syscall/sys_ptrace.h>
#include <services/syscall/sys_rseq.h>
#include <services/syscall/sys_sched.h>
#include <services/syscall/sys_signals.h>
#include <services/syscall/sys_sockets.h>
#include <services/syscall/sys_system.h>
#include <services/syscall/sys_time.h>
#include <services/syscall/sys_xattr.h>
#include <services/syscall/table.h>

namespace svc::sys {
namespace {

struct Table {
  Array<Entry, kSyscallNumbers> by_number{};
  bool clash = false;
};

template <usize N>
consteval void add(Table& t, const Array<Entry, N>& family) {
  for (usize i = 0; i < N; ++i) {
    const Entry& e = family[i];
    if (e.state == State::absent) continue;
    if (t.by_number[e.number].state != State::absent || kSyscallNames[e.number].view() != e.name.view()) t.clash = true;
    t.by_number[e.number] = e;
  }
}

consteval Table build() {
  Table t{};
  add(t, k_files_calls);
  add(t, k_dirs_calls);
  add(t, k_xattr_calls);
  add(t, k_more_files_calls);
  add(t, k_inotify_calls);
  add(t, k_handles_calls);
  add(t, k_fdctl_calls);
  add(t, k_events_calls);
  add(t, k_poll_calls);
  add(t, k_mount_calls);
  add(t, k_process_calls);
  add(t, k_exec_calls);
  add(t, k_ptrace_calls);
  add(t, k_signals_calls);
  add(t, k_futex_calls);
  add(t, k_rseq_calls);
  add(t, k_time_calls);
  add(t, k_memory_calls);
  add(t, k_ipc_calls);
  add(t, k_creds_calls);
  add(t, k_system_calls);
  add(t, k_sched_calls);
  add(t, k_priority_calls);
  add(t, k_kcmp_calls);
  add(t, k_sockets_calls);
  add(t, k_pidfd_calls);
  for (usize i = 0; i < kSyscallNames.size(); ++i) {
    t.by_number[i].number = static_cast<u32>(i);
    t.by_number[i].name = kSyscallNames[i];
  }
  return t;
}

constexpr Table kTable = build();
static_assert(!kTable.clash, "two families claim one number, or a name is not Linux's");
constexpr Entry kUnknown{};

}  // namespace

const Entry& lookup(u64 number) {
  const Opt<usize> i = checked_index(number, kSyscallNumbers);
  return i ? kTable.by_number[*i] : kUnknown;
}

void for_each_entry(FnRef<void(const Entry&)> f) {
  for (usize i = 0; i < kSyscallNames.size(); ++i)
    if (!kSyscallNames[i].view().empty()) f(kTable.by_number[i]);
}

}  // namespace svc::sys
