// SPDX-License-Identifier: MPL-2.0
// Tty: a terminal: line discipline, settings, session and foreground group, readers and writers. The device behind it (the
// machine's console or a pty's master) is a TtyDevice.
// Locks: kTty (state); signals are sent and device output is written after it is released, wake-ups too.
#pragma once
#include <ostd/sync.h>
#include <ostd/task.h>
#include <ostd/wait.h>
#include <services/fs/device.h>
#include <services/fs/file.h>
#include <services/tty/line_discipline.h>

namespace svc::tty {

// Where processed output goes.
class TtyDevice : public RefCounted {
 public:
  // How many bytes of output fit now; ~0 if there is no limit.
  virtual usize room() const = 0;
  virtual void write(std::span<const u8> bytes) const = 0;
  // The last open file of the terminal was closed.
  virtual void closed() const {}
  // What a pty's master in packet mode is told [TIOCPKT, ioctl_tty(2)].
  virtual void control(u8 packet_bits) const {}
};

// Bits of a packet's control byte.
namespace packet {
inline constexpr u8 flush_read = 1, flush_write = 2, stop = 4, start = 8, no_stop = 16, do_stop = 32;
}

class Tty final : public ControllingTerminal {
 public:
  Tty(DevId device, String name, Ref<TtyDevice> out) : device_(device), name_(std::move(name)), out_(std::move(out)) {}
  // ---- device side ----
  // Bytes typed (or written to the master): how many were taken; the rest finds no room before something was read. Deferred
  // context is allowed.
  usize receive(std::span<const u8> bytes) const;
  bool input_room() const;
  // Woken when there is room for input again (or the terminal hung up).
  const WaitQueue& input_taken() const [[clang::lifetimebound]] { return input_taken_; }
  void output_room_changed() const { writable_.wake_all(poll::writable.bits); }
  // The other side has gone: readers get end of file, writers EIO, the session SIGHUP.
  void hang_up() const;
  bool hung_up() const { return hung_up_.load() != 0; }
  // How often vhangup(2) came; what was open before reads end of file.
  u32 hangups() const { return hangups_.load(); }
  bool hung_up(u32 opened_after) const { return hung_up() || hangups() != opened_after; }
  void set_size(Winsize w, bool tell) const;
  Winsize size() const { return state_.with([](State& s) { return s.size; }); }
  void send_signal_to_foreground(Signo s) const;
  bool output_stopped() const { return state_.with([](State& s) { return s.ld.stopped; }); }
  Termios termios() const { return state_.with([](State& s) { return s.ld.termios; }); }

  // ---- ControllingTerminal ----
  DevId device() const override { return device_; }
  Pid foreground_group() const override;
  void disassociate(LeaderExits why) const override;
  void vhangup() const override;

  // ---- file side ----
  struct Opening { bool nonblock = false; u32 hangups = 0; };
  Result<usize> read(const Context& who, Writer& to, Opening o) const;
  Result<usize> write(const Context& who, Reader& from, Opening o) const;
  PollEvents poll(u32 hangups) const;
  void poll_add(Ref<WaitHook> hook) const;
  void poll_remove(const WaitHook& hook) const;
  Result<i64> ioctl(const Context& who, u32 command, u64 argument, u32 hangups) const;
  String name() const { return name_; }
  // open(2) of a terminal by a session leader without one makes it the controlling terminal, unless O_NOCTTY.
  void maybe_acquire(const Context& who, u32 flags) const;
  Status acquire(const Context& who, bool steal) const;
  Atomic<u32> opens{0}, exclusive{0};
  const TtyDevice& out() const [[clang::lifetimebound]] { return *out_; }

 private:
  struct State {
    LineDiscipline ld{};
    Vec<u8> typed{};                   // waits for room in the line discipline
    Winsize size{};
    Opt<Ref<SessionRef>> session{};
    Opt<Ref<ProcessGroupRef>> foreground{};
  };
  static constexpr usize kTyped = 4096;
  static void pump(State& s, LineDiscipline::Effects& e);
  void apply(LineDiscipline::Effects& e) const;
  // Something was read, flushed or set: what waits goes on.
  void input_goes_on() const;
  void flush_input() const;
  void set_stopped(bool stopped) const;
  // Job control of a background process. Errors: io, restart_syscall after the signal.
  Status check_change(const Context& who, Signo s) const;
  bool is_controlling(const Context& who) const;
  bool has_input() const;
  Result<i64> set_termios(const Context& who, u64 argument, u32 how) const;
  Result<i64> job_control(const Context& who, u32 command, u64 argument) const;
  Status drain(const Context& who) const;
  DevId device_;
  String name_;
  Ref<TtyDevice> out_;
  void end_session() const;
  Atomic<u32> hung_up_{0}, hangups_{0};
  SpinLocked<State, rank::kTty> state_{};
  WaitQueue readable_{}, writable_{}, input_taken_{};
};

// An open terminal (console, pty slave, /dev/tty).
class TtyFile final : public fs::File {
 public:
  TtyFile(Ref<Tty> t, u32 flags) : File(flags), tty_(std::move(t)), hangups_(tty_->hangups()) { tty_->opens.fetch_add(1); }
  ~TtyFile() override;
  const Ref<Tty>& tty() const [[clang::lifetimebound]] { return tty_; }
  Result<usize> read(const Context& who, Writer& to) const override { return tty_->read(who, to, {nonblocking(), hangups_}); }
  Result<usize> write(const Context& who, Reader& from) const override { return tty_->write(who, from, {nonblocking(), hangups_}); }
  PollEvents poll() const override { return tty_->poll(hangups_); }
  void poll_add(Ref<WaitHook> hook) const override { tty_->poll_add(std::move(hook)); }
  void poll_remove(const WaitHook& hook) const override { tty_->poll_remove(hook); }
  Result<i64> ioctl(const Context& who, u32 command, u64 argument) const override { return tty_->ioctl(who, command, argument, hangups_); }
  String link_text() const override { return tty_->name(); }

 private:
  Ref<Tty> tty_;
  u32 hangups_ = 0;  // when it was opened
};

}  // namespace svc::tty
