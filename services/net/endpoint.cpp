// SPDX-License-Identifier: MPL-2.0
// The life of a socket: connection in pairs, shutdown, end, readiness.
#include <services/net/endpoint.h>
#include <services/net/socket_file.h>

namespace svc::net {

Endpoint::Endpoint(Kind kind, Ref<UnixSpace> space) : kind_(kind), space_(std::move(space)) {}
Endpoint::~Endpoint() = default;

void Endpoint::set_file(const Ref<SocketFile>& f) const { static_cast<void>(file_.set(make_own<Weak<SocketFile>>(f))); }
Opt<Ref<SocketFile>> Endpoint::file() const {
  if (!file_.is_set()) return none;
  return file_.get()->lock();
}

void Endpoint::pair(const Ref<Endpoint>& a, const Ref<Endpoint>& b, const Peer& maker) {
  lock_pair(a->state_, b->state_, [&](State& x, State& y) {
    x.peer = b;
    y.peer = a;
    x.peer_told = y.peer_told = maker;
    x.phase = y.phase = Phase::established;
  });
}

Endpoint::Now Endpoint::now() const {
  return state_.with([](State& s) { return Now{s.phase, s.shutdown, s.dead, s.error, s.peer}; });
}
Phase Endpoint::phase() const {
  return state_.with([](State& s) { return s.phase; });
}
Peer Endpoint::peer() const {
  return state_.with([](State& s) { return s.peer_told; });
}
Errc Endpoint::take_error() const {
  return state_.with([](State& s) { return std::exchange(s.error, Errc::ok); });
}
void Endpoint::set_error(Errc e) const {
  state_.with([&](State& s) { s.error = e; });
}
u64 Endpoint::unread() const {
  const Opt<Ref<Message>> first = state_.with([](State& s) { return s.queue.front(); });
  if (kind_ == Kind::datagram) return first ? (*first)->length() : 0;
  return state_.with([](State& s) { return s.unread; });
}

// Sleepers are told when there is room worth mentioning, as Linux does.
void Endpoint::uncharge(usize n) const {
  charged_.fetch_sub(n);
  if (may_write()) writable.wake_all(poll::writable.bits | poll::wrband.bits);
}

Endpoint::Put Endpoint::append(const Ref<Message>& m) const {
  return state_.with([&](State& s) {
    const Endpoint& from = *m->from();
    const bool mine = s.peer && (*s.peer).same(from), self = m->from().same(*this);
    if (!connects() && s.peer && !mine && !s.dead) return Put::not_permitted;
    if (s.dead) return Put::dead;
    if ((s.shutdown & shut::receive) != 0) return Put::refused;
    if (kind_ != Kind::stream && s.full() && !mine && !self) return Put::full;
    static_cast<void>(s.queue.push_back(m));
    s.unread += m->length();
    return Put::done;
  });
}
// The caller holds a reference, so nothing ends here.
void Endpoint::remove(const Message& m) const {
  const Opt<Ref<Message>> gone = state_.with([&](State& s) { return s.queue.remove(m); });
}

void Endpoint::shutdown(u32 how) const {
  const Opt<Ref<Endpoint>> peer = state_.with([&](State& s) {
    s.shutdown |= how;
    return connects() ? s.peer : Opt<Ref<Endpoint>>();
  });
  readable.wake_all();
  writable.wake_all();
  if (!peer) return;
  const u32 mirrored = ((how & shut::receive) != 0 ? shut::send : 0) | ((how & shut::send) != 0 ? shut::receive : 0);
  (*peer)->state_.with([&](State& s) { s.shutdown |= mirrored; });
  (*peer)->readable.wake_all();
  (*peer)->writable.wake_all();
}

void Endpoint::release(Why why) const {
  List<Message> messages{};
  List<Endpoint, PendingTag> pending{};
  List<Endpoint, BlockedTag> blocked{};
  Opt<Ref<Endpoint>> peer{};
  Opt<Ref<UnixName>> name{};
  state_.with([&](State& s) {
    s.dead = true;
    s.shutdown = shut::both;
    s.phase = Phase::closed;
    std::swap(messages, s.queue);
    std::swap(pending, s.pending);
    std::swap(blocked, s.blocked);
    s.unread = 0;
    peer = s.peer.take();
    name = s.name;
  });
  if (name && (*name)->abstract()) space_->disclaim(kind_, **name, *this);
  if (peer && connects()) {
    const bool reset = why == Why::orphan || !messages.empty();
    (*peer)->state_.with([&](State& s) {
      s.shutdown = shut::both;
      if (reset) s.error = Errc::connection_reset;
    });
    (*peer)->readable.wake_all();
    (*peer)->writable.wake_all();
  }
  if (peer && !connects()) leave(*peer);
  room.wake_all();
  while (const Opt<Ref<Endpoint>> b = blocked.pop_front()) (*b)->writable.wake_all(poll::writable.bits);
  while (const Opt<Ref<Endpoint>> p = pending.pop_front()) (*p)->release(Why::orphan);
  space_->drop(messages);
}

// It does not send to `old` any more, and need not hear of room there.
void Endpoint::leave(const Ref<Endpoint>& old) const {
  const Opt<Ref<Endpoint>> me = old->state_.with([&](State& s) { return s.blocked.remove(*this); });
}

void Endpoint::unblock() const {
  List<Endpoint, BlockedTag> blocked{};
  state_.with([&](State& s) {
    if (!s.full()) std::swap(blocked, s.blocked);
  });
  room.wake_all(poll::writable.bits);
  while (const Opt<Ref<Endpoint>> b = blocked.pop_front()) (*b)->writable.wake_all(poll::writable.bits);
}

PollEvents Endpoint::poll() const {
  PollEvents e{};
  u32 shutdown = 0;
  Opt<Ref<Endpoint>> peer{};
  bool listening = false;
  state_.with([&](State& s) {
    shutdown = s.shutdown;
    listening = s.phase == Phase::listening;
    if (s.error != Errc::ok) e = e | poll::err;
    if (!s.queue.empty() || !s.pending.empty()) e = e | poll::readable;
    if (connects() && s.phase == Phase::closed) e = e | poll::hup;
    if (kind_ != Kind::stream) peer = s.peer;
  });
  if (shutdown == shut::both) e = e | poll::hup;
  if ((shutdown & shut::receive) != 0) e = e | poll::rdhup | poll::readable;
  if (listening || !may_write()) return e;
  // Somebody else's full queue: he tells when there is room again.
  const bool stuck = peer && !(*peer).same(*this) && (*peer)->state_.with([&](State& s) {
    if (!s.full() || (s.peer && (*s.peer).same(*this))) return false;
    static_cast<void>(s.blocked.push_back(ref_of(*this)));
    return true;
  });
  return stuck ? e : e | poll::writable | poll::wrband;
}

void Endpoint::each_own_list(FnRef<void(const FileList&)> f) const {
  state_.with([&](State& s) {
    s.queue.each([&](const Message& m) {
      const Opt<Ref<FileList>> l = m.files();
      if (l && (*l)->has_sockets()) f(**l);
    });
  });
}
// Connections that wait have none waiting themselves. A socket that only messages keep has nobody who could accept meanwhile.
void Endpoint::each_file_list(FnRef<void(const FileList&)> f) const {
  each_own_list(f);
  for (Opt<Ref<Endpoint>> p = state_.with([](State& s) { return s.pending.front(); }); p;) {
    (*p)->each_own_list(f);
    p = state_.with([&](State& s) { return s.pending.after(**p); });
  }
}

void Endpoint::take_messages(List<Message>& to) const {
  List<Message> all{};
  state_.with([&](State& s) {
    std::swap(all, s.queue);
    s.unread = 0;
  });
  while (Opt<Ref<Message>> m = all.pop_front()) static_cast<void>(to.push_back(*std::move(m)));
  for (Opt<Ref<Endpoint>> p = state_.with([](State& s) { return s.pending.front(); }); p;) {
    (*p)->take_messages(to);
    p = state_.with([&](State& s) { return s.pending.after(**p); });
  }
}

Status wait_error(const Status& s, Opt<Instant> deadline) {
  if (s.ok()) return Ok();
  if (s.error() == Errc::timed_out) return Errc::again;
  return deadline ? Errc::interrupted : Errc::restart_syscall;
}
Opt<Instant> deadline_of(u64 timeout_ns) {
  if (timeout_ns == 0) return none;
  return time::now() + Duration::nanos(static_cast<i64>(timeout_ns < INT64_MAX ? timeout_ns : INT64_MAX));
}

}  // namespace svc::net
