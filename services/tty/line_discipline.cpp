// SPDX-License-Identifier: MPL-2.0
// N_TTY. Behaviour compared with Linux by apps/conformance/tty.
#include <services/tty/line_discipline.h>

namespace svc::tty {
namespace {
constexpr u32 kInt = 2, kQuit = 3, kTstp = 20;
constexpr u8 kNl = '\n', kCr = '\r', kBs = 8, kTab = 9, kDel = 127;

bool word_byte(u8 b) { return (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || b == '_' || b >= 128; }
}  // namespace

usize LineDiscipline::input(std::span<const u8> bytes, Effects& e) {
  usize n = 0;
  for (const u8 b : bytes) {
    if (!accepts()) break;
    one(b, e);
    ++n;
  }
  return n;
}

void LineDiscipline::add_to_line(u8 b) {
  if (held() > kMost && !line_.empty()) static_cast<void>(line_.remove(line_.size() - 1));
  line_.push_back(b);
}

void LineDiscipline::one(u8 b, Effects& e) {
  const u32 i = termios.iflag;
  if ((i & in::istrip) != 0) b &= 0x7f;
  if (literal_) {
    literal_ = false;
    return accept(b, e);
  }
  if ((i & in::iuclc) != 0 && flag(local::iexten) && b >= 'A' && b <= 'Z') b = static_cast<u8>(b + 32);
  if ((i & in::ixon) != 0) {
    if (is(b, Cc::start) || is(b, Cc::stop)) {
      const bool stop = is(b, Cc::stop) && !(is(b, Cc::start) && stopped);
      e.flow_changed = e.flow_changed || stopped != stop;
      stopped = stop;
      return;
    }
    if (stopped && (i & in::ixany) != 0) {
      stopped = false;
      e.flow_changed = true;
    }
  }
  if (flag(local::isig) && signal(b, e)) return;
  if (b == kCr) {
    if ((i & in::igncr) != 0) return;
    if ((i & in::icrnl) != 0) b = kNl;
  } else if (b == kNl && (i & in::inlcr) != 0) {
    b = kCr;
  }
  if (canonical() && edit(b, e)) return;
  accept(b, e);
}

bool LineDiscipline::signal(u8 b, Effects& e) {
  const u32 s = is(b, Cc::intr) ? kInt : is(b, Cc::quit) ? kQuit : is(b, Cc::susp) ? kTstp : 0;
  if (s == 0) return false;
  if (!flag(local::noflsh)) flush_input();
  if (stopped && (termios.iflag & in::ixon) != 0) {
    stopped = false;
    e.flow_changed = true;
  }
  if (flag(local::echo)) echo(b, e);
  e.signals.push_back(s);
  return true;
}

// True: the byte was an editing command.
bool LineDiscipline::edit(u8 b, Effects& e) {
  const bool extended = flag(local::iexten);
  if (is(b, Cc::erase)) {
    erase_one(e);
    return true;
  }
  if (extended && is(b, Cc::werase)) {
    while (!line_.empty() && !word_byte(line_.back())) erase_one(e);
    while (!line_.empty() && word_byte(line_.back())) erase_one(e);
    return true;
  }
  if (is(b, Cc::kill)) {
    if (flag(local::echo) && !(flag(local::echok) && flag(local::echoke) && flag(local::echoe))) {
      line_.clear();
      echo(b, e);
      if (flag(local::echok)) out(kNl, e.echo);
    } else {
      while (!line_.empty()) erase_one(e);
    }
    return true;
  }
  if (extended && is(b, Cc::lnext)) {
    literal_ = true;
    if (flag(local::echo) && flag(local::echoctl)) {
      out('^', e.echo);
      out(kBs, e.echo);
    }
    return true;
  }
  if (extended && is(b, Cc::reprint) && flag(local::echo)) {
    echo(b, e);
    out(kNl, e.echo);
    for (const u8& x : line_) echo(x, e);
    return true;
  }
  if (b == kNl) {
    if (flag(local::echo) || flag(local::echonl)) out(kNl, e.echo);
    add_to_line(kNl);
    end_line(e);
    return true;
  }
  if (is(b, Cc::eof)) {
    eofs_.push_back(1);
    end_line(e);
    return true;
  }
  if (is(b, Cc::eol) || (extended && is(b, Cc::eol2))) {
    if (flag(local::echo)) echo(b, e);
    add_to_line(b);
    end_line(e);
    return true;
  }
  return false;
}

void LineDiscipline::end_line(Effects& e) {
  ready_.append(line_.items());
  line_.clear();
  ends_.push_back(base_ + ready_.size());
  if (eofs_.size() < ends_.size()) eofs_.push_back(0);
  e.readable = true;
}

void LineDiscipline::accept(u8 b, Effects& e) {
  if (flag(local::echo)) echo(b, e);
  if (canonical()) {
    add_to_line(b);
  } else {
    ready_.push_back(b);
    e.readable = true;
  }
}

void LineDiscipline::echo(u8 b, Effects& e) {
  if (flag(local::echoctl) && (b < 32 || b == kDel) && b != kTab && b != kNl) {
    out('^', e.echo);
    out(b == kDel ? '?' : static_cast<u8>(b + 64), e.echo);
  } else {
    out(b, e.echo);
  }
}

void LineDiscipline::erase_one(Effects& e) {
  if (line_.empty()) return;
  u8 b = line_.pop_back();
  // A UTF-8 sequence goes as one character.
  if ((termios.iflag & in::iutf8) != 0)
    while (!line_.empty() && (b & 0xc0) == 0x80) b = line_.pop_back();
  if (flag(local::echo)) echo_erase(b, e);
}

void LineDiscipline::echo_erase(u8 b, Effects& e) {
  if (!flag(local::echoe)) {
    echo(cc(Cc::erase), e);
    return;
  }
  usize columns = width(b, flag(local::echoctl));
  if (b == kTab) {  // back to where the rest of the line ends
    usize at = column_;
    usize start = 0;
    for (const u8& x : line_) start += x == kTab ? 8 - start % 8 : width(x, flag(local::echoctl));
    columns = at > start ? at - start : 0;
    for (usize i = 0; i < columns; ++i) out(kBs, e.echo);
    return;
  }
  for (usize i = 0; i < columns; ++i) {
    out(kBs, e.echo);
    out(' ', e.echo);
    out(kBs, e.echo);
  }
}

void LineDiscipline::output(std::span<const u8> bytes, Vec<u8>& to) {
  for (const u8 b : bytes) out(b, to);
}

void LineDiscipline::out(u8 b, Vec<u8>& to) {
  const u32 o = termios.oflag;
  if ((o & out::opost) == 0) {
    to.push_back(b);
    return;
  }
  switch (b) {
    case kNl:
      if ((o & out::onlret) != 0) column_ = 0;
      if ((o & out::onlcr) != 0) {
        column_ = 0;
        to.push_back(kCr);
      }
      to.push_back(kNl);
      return;
    case kCr:
      if ((o & out::onocr) != 0 && column_ == 0) return;
      if ((o & out::ocrnl) != 0) {
        if ((o & out::onlret) != 0) column_ = 0;
        to.push_back(kNl);
        return;
      }
      column_ = 0;
      to.push_back(kCr);
      return;
    case kTab: {
      const usize n = 8 - column_ % 8;
      column_ += n;
      if ((o & out::tabdly) == out::xtabs)
        for (usize i = 0; i < n; ++i) to.push_back(' ');
      else to.push_back(kTab);
      return;
    }
    case kBs:
      if (column_ > 0) --column_;
      to.push_back(kBs);
      return;
    default:
      if ((o & out::olcuc) != 0 && b >= 'a' && b <= 'z') b = static_cast<u8>(b - 32);
      if (b >= 32 && b != kDel && (b & 0xc0) != 0x80) ++column_;
      to.push_back(b);
  }
}

bool LineDiscipline::can_read(usize min) const {
  if (canonical()) return !ends_.empty();
  return ready_.size() - first_ >= (min == 0 ? 1 : min);
}

usize LineDiscipline::available() const {
  if (!canonical()) return ready_.size() - first_;
  return ends_.empty() ? 0 : ends_.back() - base_ - first_;
}

LineDiscipline::Taken LineDiscipline::take(usize n) {
  Taken got{};
  usize limit = ready_.size();
  bool whole_line = false;
  if (canonical()) {
    if (ends_.empty()) return got;
    limit = ends_[0] - base_;
    whole_line = true;
  }
  const usize have = limit - first_;
  const usize count = have < n ? have : n;
  got.bytes = Vec<u8>::from(ready_.items().subspan(first_, count));
  first_ += count;
  if (whole_line && first_ == limit) {
    got.line_ended = true;
    got.eof = eofs_[0] != 0 && have == 0;
    static_cast<void>(ends_.remove(0));
    static_cast<void>(eofs_.remove(0));
  }
  if (first_ == ready_.size()) {
    base_ += ready_.size();
    ready_.clear();
    first_ = 0;
  }
  return got;
}

void LineDiscipline::flush_input() {
  base_ += ready_.size();
  line_.clear();
  ready_.clear();
  ends_.clear();
  eofs_.clear();
  first_ = 0;
  literal_ = false;
}

void LineDiscipline::set(const Termios& t) {
  const bool was = canonical();
  termios = t;
  if (was && !canonical()) {
    ready_.append(line_.items());
    line_.clear();
    ends_.clear();
    eofs_.clear();
  } else if (!was && canonical() && ready_.size() != first_) {
    ends_.push_back(base_ + ready_.size());
    eofs_.push_back(0);
  }
  if ((t.iflag & in::ixon) == 0) stopped = false;
}

}  // namespace svc::tty
