// SPDX-License-Identifier: MPL-2.0
// Tracee: what one traced thread and its tracer share [ptrace(2)]. A traced thread that stops puts its registers here, tells its
// tracer through the tree of processes (tree.h) and sleeps; the tracer reads and changes the copy; when it goes on, the thread takes
// over what has changed. Who traces whom is in the tree; one gets here by the right thread::control.
// Lock: kTrace, inside kProcessTree.
#pragma once
#include <base/array.h>
#include <base/vec.h>
#include <ostd/user.h>
#include <ostd/wait.h>
#include <services/process/signals.h>

namespace svc::proc {

namespace trace_option {
inline constexpr u32 sysgood = 1, fork = 2, vfork = 4, clone = 8, exec = 16, vfork_done = 32, exit = 64, seccomp = 128, exit_kill = 1U << 20,
                     suspend_seccomp = 1U << 21, all = 255 | exit_kill | suspend_seccomp;
}
enum class TraceEvent : u8 { none = 0, fork = 1, vfork = 2, clone = 3, exec = 4, vfork_done = 5, exit = 6, stop = 128 };

class Thread;

class Tracee final : public RefCounted {
 public:
  static constexpr u64 kAtEntry = 1, kAtExit = 2;  // messages of stops at system calls
  // What the tracer sees of a stopped thread, and changes.
  struct View {
    UserRegs regs{};
    i64 call = -1;               // orig_rax: the system call that it is in, or comes out of
    Vec<u8> fpu{};
    bool regs_changed = false, fpu_changed = false;
    Opt<RawSigInfo> info{};      // of the stop; nothing in a group stop of a thread that was not seized
    bool info_changed = false;
    u64 message = 0;
    Array<u64, 8> debug{{0, 0, 0, 0, 0, 0, 0xffff0ff0, 0}};  // debug registers; kept from stop to stop
    bool debug_changed = false;
  };
  struct State {
    View view{};
    bool stopped = false, listening = false;
    bool trap = false;           // to stop as soon as possible
    bool notify = false;         // seized: its group stops or continues
    u32 resume_signal = 0;
  };
  Tracee(u32 options, bool seized, usize fpu_size) : seized_(seized), options_(options), state_(State{}) {
    state_.with([&](State& s) { s.view.fpu = Vec<u8>::filled(fpu_size, 0); });
  }
  bool seized() const { return seized_; }
  u32 options() const { return options_.load(); }
  void set_options(u32 o) const { options_.store(o); }
  const SpinLocked<State, rank::kTrace>& state() const [[clang::lifetimebound]] { return state_; }
  bool stopped() const { return state_.with([](State& s) { return s.stopped; }); }

  // ---- the thread ----
  // Sleeps until the tracer lets it go on, or gives up, or the thread is killed; of a thread that ends by itself, killed.
  enum class Until : u8 { resumed_or_exiting, resumed_or_killed_again };
  void sleep(const Thread& t, Until u) const;
  bool wants_trap() const { return state_.with([](State& s) { return s.trap || s.notify; }); }

  // ---- the tracer, and whoever ends the stop ----
  void demand_trap() const;      // PTRACE_INTERRUPT
  void notify() const;           // its group stopped or continues
  void resume(u32 signal) const;
  void wake() const { resumed_.wake_all(); }
  void forget_kill() const { killed_.store(0); }
  void kill() const {
    killed_.store(1);
    resumed_.wake_all();
  }

 private:
  bool seized_;
  Atomic<u32> options_;
  Atomic<u32> killed_{0};
  WaitQueue resumed_{};
  SpinLocked<State, rank::kTrace> state_;
};

}  // namespace svc::proc
