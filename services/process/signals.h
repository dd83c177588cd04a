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
inline constexpr SigSet kStops{15ULL << 18};                      // STOP, TSTP, TTIN, TTOU
inline constexpr SigSet kContinue{1ULL << 17};                    // CONT
// Raised by the instruction that runs: SEGV BUS ILL TRAP FPE SYS.
inline constexpr SigSet kSynchronous{(1ULL << 10) | (1ULL << 6) | (1ULL << 3) | (1ULL << 4) | (1ULL << 7) | (1ULL << 30)};

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
  u64 order = 0;          // stop signals: how many SIGCONTs came before; SI_TIMER: setting of the timer. Not seen by programs
  static SigInfo kernel(Signo s) { SigInfo i{}; i.signo = s; i.code = 0x80; return i; }
  // The kernel says no more than the number: needs no place in a queue.
  constexpr bool plain() const { return code == 0x80 && address.value == 0 && value == 0; }
};
namespace si {  // si_code of whoever is not the kernel's exception code
inline constexpr i32 user = 0, kernel = 0x80, queue = -1, timer = -2, sigio = -5, tkill = -6;
}  // namespace si
// The 128 bytes a program sees.
struct RawSigInfo { Array<u64, 16> words{}; };
RawSigInfo to_raw(const SigInfo& i);
// What a program says in sigqueue, for signal s.
SigInfo from_raw(const RawSigInfo& r, Signo s);

struct SigAction {
  u64 handler = 0;   // 0 default, 1 ignore, else the function
  u64 flags = 0;     // SA_*
  u64 restorer = 0;
  SigSet mask{};
};
namespace sa { inline constexpr u64 nocldstop = 1, nocldwait = 2, siginfo = 4, restorer = 0x04000000, onstack = 0x08000000, restart = 0x10000000,
                                    nodefer = 0x40000000, resethand = 0x80000000, expose_tagbits = 0x800;
               inline constexpr u64 known = nocldstop | nocldwait | siginfo | restorer | onstack | restart | nodefer | resethand | expose_tagbits; }
namespace handler { inline constexpr u64 dfl = 0, ign = 1; }

// How many signals are queued for the processes of one user [setrlimit(2) RLIMIT_SIGPENDING].
class SignalQuota final : public RefCounted {
 public:
  Atomic<u64> used{0};
};
// A place in a user's quota; given back when it dies. Default: a place that nobody counts.
class SignalTicket {
 public:
  SignalTicket() = default;
  explicit SignalTicket(Ref<SignalQuota> q) : quota_(std::move(q)) { (*quota_)->used.fetch_add(1, Order::relaxed); }
  SignalTicket(SignalTicket&& o) noexcept : quota_(o.quota_.take()) {}
  SignalTicket& operator=(SignalTicket&& o) noexcept {
    std::swap(quota_, o.quota_);
    return *this;
  }
  ~SignalTicket() {
    if (quota_) (*quota_)->used.fetch_sub(1, Order::relaxed);
  }

 private:
  Opt<Ref<SignalQuota>> quota_{};
};

// Pending signals of one thread or of a process: standard ones once each, real-time ones queued, oldest first. Signals of the
// kernel that carry no information are bits only, so that they can be sent where no memory may be taken.
class PendingSet {
 public:
  enum class Added : u8 { queued, already, full };
  SigSet set() const { return set_; }
  // already: a standard signal that is pending (dropped). full: no ticket, and it cannot be told without its information; a
  // standard signal, or one of kill(2), gets through with less.
  Added add(const SigInfo& info, Opt<SignalTicket> ticket);
  // A timer's: there is room by keep_room(). Each timer has at most one here; a standard signal is kept beside others.
  void add_of_timer(const SigInfo& info);
  // The timer is gone, its signal and the room for it, too.
  void remove_timer(i32 id);
  // Takes the first of those in `wanted`.
  Opt<SigInfo> take_from(SigSet wanted);
  void discard(SigSet which);
  // The queued ones from the n-th on, oldest first, as long as there is room.
  void peek(u64 from, usize most, Vec<SigInfo>& out) const;
  // One more timer may send here, from where no memory may be taken.
  void keep_room();
  usize queued() const { return queue_.size(); }

 private:
  struct Queued {
    SigInfo info{};
    SignalTicket ticket{};
  };
  void push(const SigInfo& info, SignalTicket ticket);
  bool has_queued(Signo s) const;
  SigSet set_{};
  SigSet plain_{};           // those of set_ which the kernel sent without information
  u64 stop_order_ = 0;       // SigInfo::order of the last stop signal
  usize room_ = 0;           // timers that send here: capacity for them beyond what others have queued
  Vec<Queued> queue_{};
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
// What this action (not the default one: what the default one does) drops: handler SIG_IGN, or default and the default is nothing.
bool drops(const SigAction& a, Signo s);

}  // namespace svc::proc
