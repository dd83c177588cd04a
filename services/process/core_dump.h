// SPDX-License-Identifier: MPL-2.0
// Core dumps [core(5)]: the thread that takes a signal whose action is to dump stops all others of its process (they are to end,
// and wait on their way out until the dump is over), writes the file, and lets all go on to their end. SIGKILL ends a dump.
// core_dump.cpp decides and collects, core_file.cpp writes ELF, core_name.cpp makes the name.
// Locks: kLeaf only; the file is written without any.
#pragma once
#include <base/map.h>
#include <ostd/wait.h>
#include <services/fs/core_file.h>
#include <services/process/caller.h>
#include <services/process/signal_api.h>

namespace svc::proc {

// One thread as it was when the process stopped.
struct CoreThread {
  Pid tid{};
  UserRegs regs{};
  i64 call = -1;              // the system call that it was in, or -1
  u64 pending = 0, blocked = 0;
  Duration user{}, system{};
  Vec<u8> fpu{};              // empty: there was no memory to keep it
};

class CoreDump final : public RefCounted {
 public:
  explicit CoreDump(Pid dumper) : dumper_(dumper) {}
  Pid dumper() const { return dumper_; }
  void join(CoreThread t) const {
    threads_.with([&](Map<i32, CoreThread>& all) { all.insert(t.tid.value, std::move(t)); });
    joined_.fetch_add(1);
  }
  usize joined() const { return joined_.load(); }
  // Once all have joined: nobody else adds any more.
  Map<i32, CoreThread> take() const {
    return threads_.with([](Map<i32, CoreThread>& all) { return std::exchange(all, Map<i32, CoreThread>()); });
  }
  void finish() const {
    over_.store(1);
    waiting_.wake_all();
  }
  // uninterruptible: the dumper always gets to finish(), soon after a SIGKILL.
  void wait() const { static_cast<void>(waiting_.wait_until(Wait::uninterruptible, [&] { return over_.load() != 0; }).ok()); }

 private:
  Pid dumper_;
  Atomic<usize> joined_{0};
  Atomic<u32> over_{0};
  WaitQueue waiting_{};
  SpinLocked<Map<i32, CoreThread>, rank::kLeaf> threads_{};
};

// The default action of this signal: the process ends, after a dump if it may have one.
void end_with_core(Caller& c, const SyscallOrigin& o, const SigInfo& i);
// A thread ends: it joins the dump of its process if there is one, and comes back when that is over.
void join_core_dump(Caller& c);

// ---- core_name.cpp ----
// What core_pattern says for this process, with the process id behind it if core_uses_pid says so.
String core_name(Caller& c, std::string_view pattern, Signo s);

// ---- core_file.cpp ----
// Whether there is a dump now, if only its beginning: too large for the limit.
bool write_core(Caller& c, fs::CoreFile to, const SigInfo& i, Map<i32, CoreThread>& threads);

}  // namespace svc::proc
