// SPDX-License-Identifier: MPL-2.0
// eventfd and timerfd [eventfd(2), timerfd_create(2)].
#pragma once
#include <ostd/time.h>
#include <services/fs/file.h>

namespace svc::fs {

class EventFd final : public File {
 public:
  EventFd(u64 value, bool semaphore, u32 flags) : File(flags), semaphore_(semaphore), state_(value) {}
  Result<usize> read(const Context& who, Writer& to) const override;
  Result<usize> write(const Context& who, Reader& from) const override;
  Asks read_asks() const override { return {.no_wait = true}; }
  Asks write_asks() const override { return {.any = false}; }
  bool ignores_seek() const override { return true; }
  PollEvents poll() const override;
  void poll_add(Ref<WaitHook> hook) const override { queue_.add_hook(std::move(hook)); }
  void poll_remove(const WaitHook& hook) const override { queue_.remove_hook(hook); }
  String link_text() const override { return String("anon_inode:[eventfd]"); }
  String fdinfo() const override;

 private:
  Opt<u64> take() const;
  bool put(u64 add) const;
  bool semaphore_ = false;
  SpinLocked<u64, rank::kEventState> state_;
  WaitQueue queue_{};
};

class TimerFd final : public File {
 public:
  enum class Clock : u8 { realtime, monotonic };
  static Ref<TimerFd> create(Clock clock, u32 flags);
  TimerFd(Clock clock, u32 flags) : File(flags), clock_(clock) {}
  struct Setting {
    Duration interval{};
    Opt<Instant> next{};                 // nothing: disarmed
  };
  // The old setting. next is on the monotonic clock; the caller has translated absolute wall-clock times.
  Setting set(const Setting& s) const;
  Setting get() const;
  Clock clock() const { return clock_; }
  Asks read_asks() const override { return {.no_wait = true}; }
  Result<usize> read(const Context& who, Writer& to) const override;
  bool ignores_seek() const override { return true; }
  PollEvents poll() const override;
  void poll_add(Ref<WaitHook> hook) const override { queue_.add_hook(std::move(hook)); }
  void poll_remove(const WaitHook& hook) const override { queue_.remove_hook(hook); }
  String link_text() const override { return String("anon_inode:[timerfd]"); }

 private:
  struct State {
    Setting setting{};
    u64 expirations = 0;
  };
  void expired() const;
  Opt<u64> take() const;
  Clock clock_ = Clock::monotonic;
  SpinLocked<State, rank::kEventState> state_{};
  WaitQueue queue_{};
  Once<Own<Timer>> timer_{};
};

}  // namespace svc::fs
