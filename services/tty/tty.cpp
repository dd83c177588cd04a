// SPDX-License-Identifier: MPL-2.0
// Terminals: input, output, waiting. [tty(4), termios(3)]
#include <base/array.h>
#include <ostd/time.h>
#include <services/tty/tty.h>

namespace svc::tty {
namespace {
constexpr Signo kHup{1}, kCont{18}, kTtin{21}, kTtou{22};
constexpr usize kChunk = 512;
}  // namespace

TtyFile::~TtyFile() {
  if (tty_->opens.fetch_sub(1) == 1) tty_->out().closed();
}

void Tty::apply(LineDiscipline::Effects& e) const {
  // Echo that finds no room is lost: who types does not wait for who reads the screen.
  if (!e.echo.empty() && out_->room() >= e.echo.size()) out_->write(e.echo.items());
  for (const u32& s : e.signals) send_signal_to_foreground(Signo{s});
  if (e.readable) readable_.wake_all(poll::readable.bits);
  if (e.flow_changed) {
    out_->control(output_stopped() ? packet::stop : packet::start);
    writable_.wake_all(poll::writable.bits);
  }
}

void Tty::pump(State& s, LineDiscipline::Effects& e) {
  if (s.typed.empty()) return;
  const usize n = s.ld.input(s.typed.items(), e);
  Vec<u8> rest = Vec<u8>::from(s.typed.items().subspan(n));
  std::swap(s.typed, rest);
}

usize Tty::receive(std::span<const u8> bytes) const {
  usize taken = 0;
  LineDiscipline::Effects e = state_.with([&](State& s) {
    LineDiscipline::Effects x{};
    if (s.typed.empty()) taken = s.ld.input(bytes, x);
    const usize room = kTyped - s.typed.size();
    const usize more = bytes.size() - taken < room ? bytes.size() - taken : room;
    s.typed.append(bytes.subspan(taken, more));
    taken += more;
    return x;
  });
  apply(e);
  return taken;
}

bool Tty::input_room() const {
  return state_.with([](State& s) { return s.typed.size() < kTyped; });
}

void Tty::input_goes_on() const {
  bool waited = false;
  LineDiscipline::Effects e = state_.with([&](State& s) {
    LineDiscipline::Effects x{};
    waited = !s.typed.empty();
    pump(s, x);
    return x;
  });
  if (!waited) return;
  apply(e);
  input_taken_.wake_all(poll::writable.bits);
}

void Tty::flush_input() const {
  state_.with([&](State& s) { s.ld.flush_input(); });
  out_->control(packet::flush_read);
  input_goes_on();
}

void Tty::set_stopped(bool stopped) const {
  const bool was = state_.with([&](State& s) {
    const bool old = s.ld.stopped;
    s.ld.stopped = stopped;
    return old;
  });
  if (was != stopped) out_->control(stopped ? packet::stop : packet::start);
  writable_.wake_all(poll::writable.bits);
}

void Tty::send_signal_to_foreground(Signo s) const {
  const Opt<Ref<ProcessGroupRef>> g = state_.with([](State& x) { return x.foreground; });
  if (g) (*g)->signal(s);
}

void Tty::end_session() const {
  const Opt<Ref<SessionRef>> session = state_.with([](State& s) { return s.session; });
  const Opt<Ref<ProcessGroupRef>> group = state_.with([](State& s) { return s.foreground; });
  if (session) {
    (*session)->hang_up();
    (*session)->set_terminal(none);
  }
  if (group) {
    (*group)->signal(kHup);
    (*group)->signal(kCont);
  }
  Opt<Ref<SessionRef>> old_session{};
  Opt<Ref<ProcessGroupRef>> old_group{};
  state_.with([&](State& s) {
    old_session = s.session.take();
    old_group = s.foreground.take();
  });
}

void Tty::hang_up() const {
  hung_up_.store(1);
  end_session();
  readable_.wake_all((poll::hup | poll::readable).bits);
  writable_.wake_all((poll::hup | poll::writable).bits);
  input_taken_.wake_all((poll::hup | poll::writable).bits);
}

void Tty::vhangup() const {
  hangups_.fetch_add(1);
  end_session();
  flush_input();
  readable_.wake_all((poll::hup | poll::readable).bits);
  writable_.wake_all((poll::hup | poll::writable).bits);
  input_taken_.wake_all((poll::hup | poll::writable).bits);
}

void Tty::set_size(Winsize w, bool tell) const {
  const bool changed = state_.with([&](State& s) {
    const bool differs = !(s.size == w);
    s.size = w;
    return differs;
  });
  if (changed && tell) send_signal_to_foreground(Signo{28});
}

Pid Tty::foreground_group() const {
  return state_.with([](State& s) { return s.foreground ? (*s.foreground)->id() : Pid{}; });
}

void Tty::disassociate(LeaderExits why) const {
  const Opt<Ref<ProcessGroupRef>> group = state_.with([](State& s) { return s.foreground; });
  if (group) {
    (*group)->signal(kHup);
    if (why == LeaderExits::no) (*group)->signal(kCont);
  }
  Opt<Ref<SessionRef>> session{};
  Opt<Ref<ProcessGroupRef>> old{};
  state_.with([&](State& s) {
    session = s.session.take();
    old = s.foreground.take();
  });
  if (session) (*session)->set_terminal(none);
}

bool Tty::is_controlling(const Context& who) const {
  const Opt<Ref<SessionRef>> mine = who.session();
  if (!mine) return false;
  return state_.with([&](State& s) { return s.session && (*s.session).same(*mine); });
}

Status Tty::check_change(const Context& who, Signo s) const {
  if (!is_controlling(who)) return Ok();
  const Opt<Ref<ProcessGroupRef>> mine = who.process_group();
  const Pid front = foreground_group();
  if (!mine || front.value == 0 || (*mine)->id() == front) return Ok();
  if (who.signal_ignored_or_blocked(s)) return s == kTtin ? Status(Errc::io) : Ok();
  if ((*mine)->orphaned()) return Errc::io;
  (*mine)->signal(s);
  return Errc::restart_syscall;
}

Result<usize> Tty::read(const Context& who, Writer& to, Opening o) const {
  if (hung_up(o.hangups)) return usize{0};
  TRY(check_change(who, kTtin));
  if (to.remaining() == 0) return usize{0};
  const Termios t = termios();
  const bool canonical = (t.lflag & local::icanon) != 0;
  const u8 min = canonical ? u8{1} : t.cc[static_cast<usize>(Cc::min)];
  const u8 time = canonical ? u8{0} : t.cc[static_cast<usize>(Cc::time)];
  Opt<Instant> deadline{};
  if (!canonical && time != 0 && min == 0) deadline = time::now() + Duration::millis(i64{time} * 100);
  usize done = 0;
  for (;;) {
    const LineDiscipline::Taken got = state_.with([&](State& s) { return s.ld.take(to.remaining() < kChunk ? to.remaining() : kChunk); });
    if (got.eof) {
      input_goes_on();
      return done;
    }
    if (!got.bytes.empty()) {
      input_goes_on();
      const Result<usize> n = to.write(got.bytes.items());
      if (!n.ok()) return done != 0 ? Result<usize>(done) : Result<usize>(Err(n.error()));
      done += n.value();
      if (got.line_ended || to.remaining() == 0 || (!canonical && done >= min && !has_input())) return done;
      // Between bytes VTIME runs anew.
      if (!canonical && time != 0 && min != 0) deadline = time::now() + Duration::millis(i64{time} * 100);
      continue;
    }
    if (!canonical && min == 0 && time == 0) return done;
    if (!canonical && done >= min && done != 0) return done;
    if (hung_up(o.hangups)) return done != 0 ? Result<usize>(done) : Result<usize>(Errc::io);
    if (o.nonblock) return done != 0 ? Result<usize>(done) : Result<usize>(Errc::again);
    const Status s = readable_.wait_until(Wait::interruptible, [&] { return hung_up(o.hangups) || has_input(); }, deadline);
    if (s.ok()) {
      TRY(check_change(who, kTtin));
      continue;
    }
    if (s.error() == Errc::timed_out) return done;
    return done != 0 ? Result<usize>(done) : Result<usize>(Errc::restart_syscall);
  }
}

bool Tty::has_input() const {
  return state_.with([](State& s) { return s.ld.can_read(1); });
}

Result<usize> Tty::write(const Context& who, Reader& from, Opening o) const {
  if (hung_up(o.hangups)) return Errc::io;
  if ((termios().lflag & local::tostop) != 0) TRY(check_change(who, kTtou));
  usize done = 0;
  Array<u8, kChunk> chunk{};
  while (from.remaining() != 0) {
    if (!writable_.wait_until(Wait::interruptible, [&] { return o.nonblock || hung_up(o.hangups) || (!output_stopped() && out_->room() > kChunk); }).ok())
      return done != 0 ? Result<usize>(done) : Result<usize>(Errc::restart_syscall);
    if (hung_up(o.hangups)) return done != 0 ? Result<usize>(done) : Result<usize>(Errc::io);
    const usize room = output_stopped() ? 0 : out_->room();
    if (o.nonblock && room <= 1) return done != 0 ? Result<usize>(done) : Result<usize>(Errc::again);
    // Each byte may become up to eight (tabs); at least one goes at a time.
    const usize most = room / 8 < kChunk ? (room / 8 == 0 ? 1 : room / 8) : kChunk;
    const Result<usize> n = from.read(chunk.items().subspan(0, most));
    if (!n.ok()) return done != 0 ? Result<usize>(done) : Result<usize>(Err(n.error()));
    const std::span<const u8> piece = chunk.items().subspan(0, n.value());
    Vec<u8> processed = state_.with([&](State& s) {
      Vec<u8> v{};
      s.ld.output(piece, v);
      return v;
    });
    out_->write(processed.items());
    done += n.value();
    ostd::task::preempt_point();
  }
  return done;
}

PollEvents Tty::poll(u32 hangups) const {
  PollEvents e{};
  if (hung_up(hangups)) return poll::readable | poll::writable | poll::hup | poll::err;
  if (state_.with([](State& s) {
        const bool canonical = (s.ld.termios.lflag & local::icanon) != 0;
        const u8 time = s.ld.termios.cc[static_cast<usize>(Cc::time)], min = s.ld.termios.cc[static_cast<usize>(Cc::min)];
        return s.ld.can_read(canonical || time != 0 ? 1 : min);
      }))
    e = e | poll::readable;
  if (!output_stopped() && out_->room() != 0) e = e | poll::writable;
  return e;
}
void Tty::poll_add(Ref<WaitHook> hook) const {
  readable_.add_hook(hook);
  writable_.add_hook(std::move(hook));
}
void Tty::poll_remove(const WaitHook& hook) const {
  readable_.remove_hook(hook);
  writable_.remove_hook(hook);
}

void Tty::maybe_acquire(const Context& who, u32 flags) const {
  if ((flags & fs::oflag::noctty) != 0 || !who.session_leader()) return;
  const Opt<Ref<SessionRef>> mine = who.session();
  if (!mine || (*mine)->terminal()) return;
  if (state_.with([](State& s) { return s.session.has_value(); })) return;
  static_cast<void>(acquire(who, false).ok());
}

}  // namespace svc::tty
