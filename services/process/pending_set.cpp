// SPDX-License-Identifier: MPL-2.0
// Sets of signals, what is pending, siginfo_t. [signal(7), sigaction(2)]
#include <bit>
#include <services/process/signals.h>

namespace svc::proc {

Signo SigSet::first() const {
  const SigSet sync = *this & kSynchronous;
  const u64 from = sync.empty() ? bits : sync.bits;
  if (from == 0) return {};
  return {static_cast<u32>(std::countr_zero(from)) + 1};
}

namespace {
// By a timer of this machine; a program may claim the code, but has no setting.
bool of_timer(const SigInfo& i) { return i.code == si::timer && i.order != 0; }
}  // namespace

void PendingSet::push(const SigInfo& info, SignalTicket ticket) {
  // The room kept for timers stays free; doubling keeps a long queue cheap.
  const usize needed = queue_.size() + 1 + room_;
  if (needed > queue_.capacity()) queue_.reserve(needed > queue_.capacity() * 2 ? needed : queue_.capacity() * 2);
  queue_.push_back({info, std::move(ticket)});
}

PendingSet::Added PendingSet::add(const SigInfo& info, Opt<SignalTicket> ticket) {
  const SigSet one = SigSet::of(info.signo);
  const bool standard = info.signo.value < sig::first_rt;
  if (standard && set_.has(info.signo)) return Added::already;
  if (kStops.has(info.signo)) stop_order_ = info.order;
  if (info.signo == sig::kill || (standard && info.plain())) {
    plain_ = plain_ | one;
  } else if (ticket) {
    push(info, std::move(ticket).value());
  } else if (!standard && info.code != si::user) {
    return Added::full;
  }
  set_ = set_ | one;
  return Added::queued;
}

void PendingSet::add_of_timer(const SigInfo& info) {
  for (Queued& q : queue_.items()) {
    if (!of_timer(q.info) || q.info.timer_id != info.timer_id) continue;
    q.info = info;
    return;
  }
  queue_.push_back({info, SignalTicket()});
  set_ = set_ | SigSet::of(info.signo);
}

bool PendingSet::has_queued(Signo s) const {
  for (const Queued& q : queue_.items())
    if (q.info.signo == s) return true;
  return false;
}

void PendingSet::remove_timer(i32 id) {
  if (room_ != 0) --room_;
  Signo s{};
  queue_.remove_if([&](const Queued& q) {
    const bool gone = of_timer(q.info) && q.info.timer_id == id;
    if (gone) s = q.info.signo;
    return gone;
  });
  if (s.value != 0 && !plain_.has(s) && !has_queued(s)) set_ = set_.without(SigSet::of(s));
}

Opt<SigInfo> PendingSet::take_from(SigSet wanted) {
  const SigSet those = set_ & wanted;
  if (those.empty()) return none;
  const Signo s = those.first();
  SigInfo info{};
  info.signo = s;
  bool found = false, more = false;
  usize at = 0;
  for (usize i = 0; i < queue_.size() && !more; ++i) {
    if (queue_[i].info.signo != s) continue;
    if (found) more = true;
    else at = i;
    found = true;
  }
  if (found) {
    info = queue_[at].info;
    static_cast<void>(queue_.remove(at));
  } else if (plain_.has(s)) {
    info = SigInfo::kernel(s);
  }
  if (!more) {
    set_ = set_.without(SigSet::of(s));
    plain_ = plain_.without(SigSet::of(s));
  }
  if (kStops.has(s)) info.order = stop_order_;
  return info;
}

void PendingSet::discard(SigSet which) {
  if ((set_ & which).empty()) return;
  queue_.remove_if([&](const Queued& q) { return which.has(q.info.signo); });
  set_ = set_.without(which);
  plain_ = plain_.without(which);
}

void PendingSet::peek(u64 from, usize most, Vec<SigInfo>& out) const {
  for (u64 i = from; i < queue_.size() && out.size() < most; ++i) out.push_back(queue_[i].info);
}

void PendingSet::keep_room() {
  ++room_;
  queue_.reserve(queue_.size() + room_);
}

DefaultAction default_action(Signo s) {
  constexpr SigSet ignored{SigSet::of(sig::chld).bits | SigSet::of(sig::urg).bits | SigSet::of(sig::winch).bits};
  constexpr SigSet core{SigSet::of(sig::quit).bits | SigSet::of(sig::abrt).bits | SigSet::of(sig::xcpu).bits | SigSet::of(sig::xfsz).bits | kSynchronous.bits};
  if (s == sig::cont) return DefaultAction::continue_;
  if (kStops.has(s)) return DefaultAction::stop;
  if (ignored.has(s)) return DefaultAction::ignore;
  return core.has(s) ? DefaultAction::core : DefaultAction::terminate;
}

bool drops(const SigAction& a, Signo s) {
  if (a.handler == handler::ign) return true;
  const DefaultAction d = default_action(s);
  return a.handler == handler::dfl && (d == DefaultAction::ignore || d == DefaultAction::continue_);
}

namespace {

// Where siginfo_t keeps what, for a number and a code [sigaction(2)].
enum class Layout : u8 { kill, timer, queue, child, fault, poll, sys };

Layout layout_of(Signo s, i32 code) {
  if (code > si::user && code < si::kernel) {
    if (s == sig::chld && code <= 6) return Layout::child;
    if (s == sig::sys && code <= 2) return Layout::sys;
    if (s == sig::ill || s == sig::fpe || s == sig::segv || s == sig::bus || s == sig::trap) return Layout::fault;
    return code <= 6 ? Layout::poll : Layout::kill;
  }
  if (code == si::timer) return Layout::timer;
  if (code == si::sigio) return Layout::poll;
  return code < 0 ? Layout::queue : Layout::kill;
}

constexpr u64 pair(u32 low, u32 high) { return static_cast<u64>(low) | static_cast<u64>(high) << 32; }
constexpr u32 word(i32 v) { return static_cast<u32>(v); }
constexpr i32 low(u64 v) { return static_cast<i32>(static_cast<u32>(v & 0xffff'ffff)); }
constexpr i32 high(u64 v) { return static_cast<i32>(static_cast<u32>(v >> 32)); }

}  // namespace

RawSigInfo to_raw(const SigInfo& i) {
  RawSigInfo r{};
  r.words[0] = pair(i.signo.value, word(i.error));
  r.words[1] = pair(word(i.code), 0);
  switch (layout_of(i.signo, i.code)) {
    case Layout::kill: r.words[2] = pair(word(i.pid.value), i.uid.value); break;
    case Layout::queue:
      r.words[2] = pair(word(i.pid.value), i.uid.value);
      r.words[3] = i.value;
      break;
    case Layout::timer:
      r.words[2] = pair(word(i.timer_id), word(i.overrun));
      r.words[3] = i.value;
      break;
    case Layout::child:
      r.words[2] = pair(word(i.pid.value), i.uid.value);
      r.words[3] = pair(word(i.status), 0);
      r.words[4] = static_cast<u64>(i.utime);
      r.words[5] = static_cast<u64>(i.stime);
      break;
    case Layout::fault: r.words[2] = i.address.value; break;
    case Layout::poll:
      r.words[2] = static_cast<u64>(i.band);
      r.words[3] = pair(word(i.fd), 0);
      break;
    case Layout::sys:
      r.words[2] = i.call_address;
      r.words[3] = pair(word(i.syscall), i.arch);
      break;
  }
  return r;
}

SigInfo from_raw(const RawSigInfo& r, Signo s) {
  SigInfo i{};
  i.signo = s;
  i.error = high(r.words[0]);
  i.code = low(r.words[1]);
  switch (layout_of(i.signo, i.code)) {
    case Layout::queue: i.value = r.words[3]; [[fallthrough]];
    case Layout::kill:
      i.pid = {low(r.words[2])};
      i.uid = {static_cast<u32>(high(r.words[2]))};
      break;
    case Layout::timer:
      i.timer_id = low(r.words[2]);
      i.overrun = high(r.words[2]);
      i.value = r.words[3];
      break;
    case Layout::child:
      i.pid = {low(r.words[2])};
      i.uid = {static_cast<u32>(high(r.words[2]))};
      i.status = low(r.words[3]);
      i.utime = static_cast<i64>(r.words[4]);
      i.stime = static_cast<i64>(r.words[5]);
      break;
    case Layout::fault: i.address = VirtAddr(r.words[2]); break;
    case Layout::poll:
      i.band = static_cast<i64>(r.words[2]);
      i.fd = low(r.words[3]);
      break;
    case Layout::sys:
      i.call_address = r.words[2];
      i.syscall = low(r.words[3]);
      i.arch = static_cast<u32>(high(r.words[3]));
      break;
  }
  return i;
}

}  // namespace svc::proc
