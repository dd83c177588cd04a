// SPDX-License-Identifier: MPL-2.0
// ioctls of terminals. [ioctl_tty(2), ioctl_console is not offered]
#include <services/tty/tty.h>

namespace svc::tty {
namespace {

constexpr u32 kTcgets = 0x5401, kTcsets = 0x5402, kTcsetsw = 0x5403, kTcsetsf = 0x5404, kTcsbrk = 0x5409, kTcxonc = 0x540a, kTcflsh = 0x540b,
              kSctty = 0x540e, kGpgrp = 0x540f, kSpgrp = 0x5410, kOutq = 0x5411, kSti = 0x5412, kGwinsz = 0x5413, kSwinsz = 0x5414, kInq = 0x541b,
              kNotty = 0x5422, kTcsbrkp = 0x5425, kGsid = 0x5429, kGets2 = 0x802c542a, kSets2 = 0x402c542b, kSetsw2 = 0x402c542c, kSetsf2 = 0x402c542d,
              kGetd = 0x5424, kSetd = 0x5423, kExcl = 0x540c, kNxcl = 0x540d, kGexcl = 0x80045440;
constexpr Signo kTtou{22};

struct Termios2 {
  Termios t{};
  u32 ispeed = 38400, ospeed = 38400;
};
static_assert(sizeof(Termios2) == 44);

enum class When : u32 { now, drain, flush };

// XON and XOFF are ^Q and ^S and mean something: what a master in packet mode wants to know.
bool software_flow(const Termios& t) {
  return (t.iflag & in::ixon) != 0 && t.cc[static_cast<usize>(Cc::stop)] == 19 && t.cc[static_cast<usize>(Cc::start)] == 17;
}

}  // namespace

Status Tty::acquire(const Context& who, bool steal) const {
  const Opt<Ref<SessionRef>> mine = who.session();
  const Opt<Ref<ProcessGroupRef>> group = who.process_group();
  if (!mine || !group) return Errc::not_permitted;
  if (who.session_leader() && is_controlling(who)) return Ok();
  if (!who.session_leader() || (*mine)->terminal()) return Errc::not_permitted;
  Opt<Ref<SessionRef>> old = state_.with([](State& s) { return s.session; });
  if (old) {
    if (!steal || !who.capable(Capability::sys_admin)) return Errc::not_permitted;
    (*old)->set_terminal(none);
  }
  (*mine)->set_terminal(Opt<Ref<ControllingTerminal>>(Ref<ControllingTerminal>(ref_of(*this))));
  Opt<Ref<ProcessGroupRef>> next(*group);
  Opt<Ref<SessionRef>> session(*mine);
  state_.with([&](State& s) {
    std::swap(s.session, session);
    std::swap(s.foreground, next);
  });
  return Ok();
}

Status Tty::drain(const Context& who) const {
  // Output is handed over at once; only a stopped terminal holds it back.
  if (!writable_.wait_until(Wait::interruptible, [&] { return hung_up() || !output_stopped(); }).ok()) return Errc::restart_syscall;
  return Ok();
}

Result<i64> Tty::set_termios(const Context& who, u64 argument, u32 how) const {
  TRY(check_change(who, kTtou));
  Termios t = TRY(user::read<Termios>(who.address_space(), VirtAddr(argument)));
  if (how != static_cast<u32>(When::now)) TRY(drain(who));
  if (how == static_cast<u32>(When::flush)) flush_input();
  bool readable = false, flow_before = false;
  state_.with([&](State& s) {
    flow_before = software_flow(s.ld.termios);
    s.ld.set(t);
    readable = s.ld.can_read(1);
  });
  if (flow_before != software_flow(t)) out_->control(flow_before ? packet::no_stop : packet::do_stop);
  input_goes_on();
  if (readable) readable_.wake_all(poll::readable.bits);
  writable_.wake_all(poll::writable.bits);
  return i64{0};
}

Result<i64> Tty::job_control(const Context& who, u32 command, u64 argument) const {
  const AddressSpace& as = who.address_space();
  switch (command) {
    case kGpgrp:
      if (!is_controlling(who)) return Errc::not_a_terminal;
      TRY(user::write(as, VirtAddr(argument), foreground_group().value));
      return i64{0};
    case kGsid: {
      if (!is_controlling(who)) return Errc::not_a_terminal;
      const Opt<Ref<SessionRef>> s = who.session();
      TRY(user::write(as, VirtAddr(argument), s ? (*s)->id().value : 0));
      return i64{0};
    }
    case kSpgrp: {
      const Status change = check_change(who, kTtou);
      if (!change.ok()) return change.error() == Errc::io ? Errc::not_a_terminal : change.error();
      if (!is_controlling(who)) return Errc::not_a_terminal;
      const i32 id = TRY(user::read<i32>(as, VirtAddr(argument)));
      if (id < 0) return Errc::invalid_argument;
      const Opt<Ref<ProcessGroupRef>> g = who.find_group(Pid{id});
      if (!g) return Errc::no_process;
      const Opt<Ref<SessionRef>> mine = who.session();
      if (!mine || (*g)->session_id() != (*mine)->id()) return Errc::not_permitted;
      Opt<Ref<ProcessGroupRef>> next(*g);
      state_.with([&](State& s) { std::swap(s.foreground, next); });
      return i64{0};
    }
    case kSctty: TRY(acquire(who, argument == 1)); return i64{0};
    case kNotty:
      if (!is_controlling(who)) return Errc::not_a_terminal;
      if (who.session_leader()) disassociate(LeaderExits::no);
      return i64{0};
    default: return Errc::not_a_terminal;
  }
}

Result<i64> Tty::ioctl(const Context& who, u32 command, u64 argument, u32 hangups) const {
  const AddressSpace& as = who.address_space();
  const VirtAddr at(argument);
  if (hung_up(hangups)) return command == kSpgrp ? Errc::not_a_terminal : Errc::io;
  switch (command) {
    case kTcgets: TRY(user::write(as, at, termios())); return i64{0};
    case kGets2: TRY(user::write(as, at, Termios2{termios()})); return i64{0};
    case kTcsets:
    case kSets2: return set_termios(who, argument, 0);
    case kTcsetsw:
    case kSetsw2: return set_termios(who, argument, 1);
    case kTcsetsf:
    case kSetsf2: return set_termios(who, argument, 2);
    case kGwinsz: TRY(user::write(as, at, size())); return i64{0};
    case kSwinsz: {
      const Winsize w = TRY(user::read<Winsize>(as, at));
      set_size(w, true);
      return i64{0};
    }
    case kInq: {
      const i32 n = state_.with([](State& s) { return static_cast<i32>(s.ld.available()); });
      TRY(user::write(as, at, n));
      return i64{0};
    }
    case kOutq: TRY(user::write(as, at, i32{0})); return i64{0};
    case kTcflsh:
      TRY(check_change(who, kTtou));
      if (argument > 2) return Errc::invalid_argument;
      if (argument != 1) flush_input();
      if (argument != 0) out_->control(packet::flush_write);  // what was written is the master's already
      return i64{0};
    case kTcxonc:
      TRY(check_change(who, kTtou));
      if (argument > 3) return Errc::invalid_argument;
      if (argument <= 1) {
        set_stopped(argument == 0);
      } else {  // TCIOFF, TCION: the other side is asked to stop or go on
        const u8 c = termios().cc[static_cast<usize>(argument == 2 ? Cc::stop : Cc::start)];
        const Array<u8, 1> asked{{c}};
        if (c != 0) out_->write(asked.items());
      }
      return i64{0};
    case kTcsbrk:
    case kTcsbrkp:
      TRY(check_change(who, kTtou));
      TRY(drain(who));
      return i64{0};
    case kSti: {
      if (!is_controlling(who) && !who.capable(Capability::sys_admin)) return Errc::not_permitted;
      const u8 b = TRY(user::read<u8>(as, at));
      const Array<u8, 1> one{{b}};
      static_cast<void>(receive(one.items()));
      return i64{0};
    }
    case kExcl:
    case kNxcl: exclusive.store(command == kExcl ? 1 : 0); return i64{0};
    case kGexcl: TRY(user::write(as, at, static_cast<i32>(exclusive.load()))); return i64{0};
    case kGetd: TRY(user::write(as, at, i32{0})); return i64{0};   // N_TTY
    case kSetd: {
      const i32 n = TRY(user::read<i32>(as, at));
      return n == 0 ? Result<i64>(i64{0}) : Result<i64>(Errc::invalid_argument);
    }
    default: return job_control(who, command, argument);
  }
}

}  // namespace svc::tty
