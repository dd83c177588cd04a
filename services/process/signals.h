// SPDX-License-Identifier: MPL-2.0
// Signals [signal(7)]: sets, information, actions, what is pending for a thread and for a process.
// Locks: kSignals (actions and pending of one process); nothing is taken inside but wait queues and tasks.
#pragma once
#include <base/array.h>
#include <base/list.h>
#include <base/vec.h>
#include <ostd/sync.h>
#include <ostd/task.h>
#include <ostd/wait.h>
#include <services/base/ids.h>
#include <services/base/ranks.h>

namespace svc::proc {

namespace sig {  // numbers of <signal.h>
inline constexpr Signo hup{1}, int_{2}, quit{3}, ill{4}, trap{5}, abrt{6}, bus{7}, fpe{8}, kill{9}, usr1{10}, segv{11}, usr2{12}, pipe{13},
    alrm{14}, term{15}, stkflt{16}, chld{17}, cont{18}, stop{19}, tstp{20}, ttin{21}, ttou{22}, urg{23}, xcpu{24}, xfsz{25}, vtalrm{26},
    prof{27}, winch{28}, io{29}, pwr{30}, sys{31};
inline constexpr u32 count = 64, first_rt = 32;
}  // namespace sig

struct SigSet {
  u64 bits = 0;
  constexpr bool operator==(const SigSet&) const = default;
  static constexpr SigSet of(Signo s) { return {1ULL << ((s.value - 1) & 63)}; }
  constexpr bool has(Signo s) const { return (bits >> ((s.value - 1) & 63) & 1) != 0; }
  constexpr SigSet operator|(SigSet o) const { return {bits | o.bits}; }
  constexpr SigSet operator&(SigSet o) const { return {bits & o.bits}; }
  constexpr SigSet without(SigSet o) const { return {bits & ~o.bits}; }
  constexpr bool empty() const { return bits == 0; }
  // The lowest signal in it; synchronous ones (SEGV BUS ILL TRAP FPE SYS) first, as Linux delivers.
  Signo first() const;
};
inline constexpr SigSet kUnblockable{(1ULL << 8) | (1ULL << 18)};  // KILL, STOP

// siginfo_t: which of the fields mean something depends on code and signo [sigaction(2)].
struct SigInfo {
  Signo signo{};
  i32 error = 0;
  i32 code = 0;           // SI_USER 0, SI_KERNEL 0x80, SI_QUEUE -1, SI_TIMER -2, SI_TKILL -6, SEGV_MAPERR 1 ...
  Pid pid{};              // sender or child
  Uid uid{};
  i32 status = 0;         // SIGCHLD
  i64 utime = 0, stime = 0;
  u64 value = 0;          // sigval
  VirtAddr address{};     // faults
  i32 timer_id = 0, overrun = 0;
  i64 band = 0;
  i32 fd = 0;
  u64 call_address = 0; i32 syscall = 0; u32 arch = 0;  // SIGSYS
  static SigInfo kernel(Signo s) { SigInfo i{}; i.signo = s; i.code = 0x80; return i; }
};
// The 128 bytes a program sees.
struct RawSigInfo { Array<u64, 16> words{}; };

struct SigAction {
  u64 handler = 0;   // 0 default, 1 ignore, else the function
  u64 flags = 0;     // SA_*
  u64 restorer = 0;
  SigSet mask{};
};
namespace sa { inline constexpr u64 nocldstop = 1, nocldwait = 2, siginfo = 4, restorer = 0x04000000, onstack = 0x08000000, restart = 0x10000000,
                                    nodefer = 0x40000000, resethand = 0x80000000, expose_tagbits = 0x800; }

// Pending signals of one thread or of a process: standard ones once each, real-time ones queued, oldest first.
class PendingSet {
 public:
  SigSet set() const { return set_; }
  // False: a standard signal that is pending already (dropped), or the queue limit (real-time: then again is the sender's error).
  bool add(const SigInfo& info, usize queue_limit);
  // Takes one of those not in `blocked`.
  Opt<SigInfo> take(SigSet blocked);
  Opt<SigInfo> take_from(SigSet wanted);
  void discard(SigSet which);

 private:
  SigSet set_{};
  Vec<SigInfo> queue_{};
};

// Handlers: shared by CLONE_SIGHAND, copied by fork, reset by exec. Guarded by the lock of SignalState users: its own.
class SigActions final : public RefCounted {
 public:
  SigActions() = default;
  SigAction get(Signo s) const;
  SigAction set(Signo s, const SigAction& a) const;  // the old one
  Ref<SigActions> clone() const;
  void reset_for_exec() const;                          // caught ones to default; ignored stay
  bool ignored(Signo s) const;                          // explicitly or by default action

 private:
  struct State { Array<SigAction, 65> actions{}; };
  SpinLocked<State, rank::kSignals> state_{};
};

enum class DefaultAction : u8 { terminate, core, ignore, stop, continue_ };
DefaultAction default_action(Signo s);

}  // namespace svc::proc
