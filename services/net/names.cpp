// SPDX-License-Identifier: MPL-2.0
// bind, listen, connect, accept. [the man pages of these names, section 2; unix(7)]
#include <base/format.h>
#include <ostd/random.h>
#include <services/net/names.h>
#include <services/net/socket_file.h>

namespace svc::net {
namespace {

// What the inode of a bound socket knows: not the socket itself, which ends before its name does.
class Binding final : public RefCounted {
 public:
  explicit Binding(const Ref<Endpoint>& e) : endpoint_(e) {}
  Opt<Ref<Endpoint>> endpoint() const { return endpoint_.lock(); }

 private:
  Weak<Endpoint> endpoint_;
};

std::string_view path_of(const UnixName& n [[clang::lifetimebound]]) { return n.bytes().substr(0, n.bytes().size() - 1); }

}  // namespace

Result<Ref<Endpoint>> find_by_name(const Context& who, const fs::FsContext& fs, const UnixSpace& space, const UnixName& name, Kind kind) {
  if (name.abstract()) {
    const Opt<Ref<Endpoint>> e = space.find(kind, name);
    if (!e) return Errc::connection_refused;
    return *e;
  }
  const fs::Path at = TRY(fs::resolve(who, fs, path_of(name).front() == '/' ? fs.root() : fs.cwd(), path_of(name), fs::walk::follow));
  const Ref<fs::Inode>& inode = at.dentry->inode();
  TRY(fs::check_access(who, *inode, static_cast<u32>(fs::May::write)));
  if (inode->type() != fs::FileType::socket || !inode->attachment.is_set()) return Errc::connection_refused;
  const Opt<Ref<Binding>> b = inode->attachment.get().as<Binding>();
  const Opt<Ref<Endpoint>> e = b ? (*b)->endpoint() : Opt<Ref<Endpoint>>();
  if (!e || (*e)->dead()) return Errc::connection_refused;
  if ((*e)->kind() != kind) return Errc::wrong_protocol_type;
  return *e;
}

bool Endpoint::dead() const {
  return state_.with([](State& s) { return s.dead; });
}
Opt<Ref<UnixName>> Endpoint::name() const {
  return state_.with([](State& s) { return s.name; });
}
Result<Opt<Ref<UnixName>>> Endpoint::peer_name() const {
  const Opt<Ref<Endpoint>> p = now().peer;
  if (!p) return Errc::not_connected;
  return (*p)->name();
}

// The name in the file system comes first, as on Linux: a socket that has one already leaves no second one behind.
Status Endpoint::bind(const Context& who, const fs::FsContext& fs, const Ref<UnixName>& name) const {
  return binding_.with([&](u32&) -> Status {
    const bool bound = this->name().has_value();
    if (name->abstract()) {
      if (bound) return Errc::invalid_argument;
      TRY(space_->claim(kind_, *name, ref_of(*this)));
    } else {
      const fs::Path start = path_of(*name).front() == '/' ? fs.root() : fs.cwd();
      fs::Inode::NewInode n{};
      n.type = fs::FileType::socket;
      n.mode = fs::Mode{0777};
      const Opt<Ref<SocketFile>> own = file();
      if (own) n.mode = (*own)->inode_mode();
      const Result<fs::Path> made = fs::make_node_at(who, fs, start, path_of(*name), n);
      if (!made.ok()) return made.error() == Errc::exists ? Errc::address_in_use : made.error();
      if (bound) {
        static_cast<void>(fs::unlink(who, fs, start, path_of(*name)));
        return Errc::invalid_argument;
      }
      static_cast<void>(made.value().dentry->inode()->attachment.set(Ref<RefCounted>(make_ref<Binding>(ref_of(*this)))));
    }
    state_.with([&](State& s) { s.name = name; });
    return Ok();
  });
}

// Five digits that nobody has. [unix(7): autobind]
Status Endpoint::bind_any() const {
  return binding_.with([&](u32&) -> Status {
    if (name()) return Ok();
    const u32 first = static_cast<u32>(random::next_u64() & 0xfffff);
    for (u32 i = 0; i < 0x100000; ++i) {
      String s{};
      s.append('\0');
      s.append(ostd::format("{:05x}", (first + i) & 0xfffff).view());
      const Ref<UnixName> n = make_ref<UnixName>(std::move(s));
      if (!space_->claim(kind_, *n, ref_of(*this)).ok()) continue;
      state_.with([&](State& st) { st.name = n; });
      return Ok();
    }
    return Errc::no_space;
  });
}

Status Endpoint::listen(u32 backlog, const Peer& self) const {
  constexpr u32 kMost = 4096;  // net.core.somaxconn
  if (!connects()) return Errc::not_supported;
  TRY(state_.with([&](State& s) -> Status {
    if (!s.name || s.phase == Phase::established || s.dead) return Errc::invalid_argument;
    s.phase = Phase::listening;
    s.most_waiting = backlog < kMost ? backlog : kMost;
    s.peer_told = self;
    return Ok();
  }));
  room.wake_all();
  return Ok();
}

Status Endpoint::connect(const Peer& self, bool nonblocking, FindPeer find) const { return connects() ? connect_stream(self, nonblocking, find) : connect_datagram(find); }

Status Endpoint::connect_stream(const Peer& self, bool nonblocking, FindPeer find) const {
  const Opt<Instant> deadline = deadline_of(send_timeout.load());
  const Ref<Endpoint> accepted = make_ref<Endpoint>(kind_, space_);
  const Ref<Endpoint> me = ref_of(*this);
  enum class Outcome : u8 { done, full };
  for (;;) {
    const Ref<Endpoint> other = TRY(find());
    if (other.same(*this)) return phase() == Phase::listening ? Errc::invalid_argument : Errc::connection_refused;
    const Opt<Ref<UnixName>> named = other->name();
    accepted->state_.with([&](State& s) {
      s.peer = me;
      s.peer_told = self;
      s.phase = Phase::established;
      s.name = named;
    });
    const Result<Outcome> r = lock_pair(state_, other->state_, [&](State& s, State& o) -> Result<Outcome> {
      if (o.phase != Phase::listening || (o.shutdown & shut::receive) != 0 || o.dead) return Errc::connection_refused;
      if (o.pending.size() > o.most_waiting) return Outcome::full;
      if (s.phase != Phase::closed) return s.phase == Phase::established ? Errc::already_connected : Errc::invalid_argument;
      if (s.peer) return Errc::already_connected;
      s.peer = accepted;
      s.peer_told = o.peer_told;
      s.phase = Phase::established;
      static_cast<void>(o.pending.push_back(accepted));
      return Outcome::done;
    });
    if (r.ok() && r.value() == Outcome::done) {
      other->readable.wake_all(poll::readable.bits);
      readable.wake_all();
      writable.wake_all();
      return Ok();
    }
    accepted->state_.with([&](State& s) { s.phase = Phase::closed; });
    const Opt<Ref<Endpoint>> self_ref = accepted->state_.with([](State& s) { return s.peer.take(); });
    if (!r.ok()) return Err(r.error());
    if (nonblocking) return Errc::again;
    const Status w = other->room.wait_until(Wait::interruptible, [&] {
      return other->state_.with([](State& s) { return s.dead || s.phase != Phase::listening || (s.shutdown & shut::receive) != 0 || s.pending.size() <= s.most_waiting; });
    }, deadline);
    TRY(wait_error(w, deadline));
  }
}

Status Endpoint::connect_datagram(FindPeer find) const {
  const Ref<Endpoint> other = TRY(find());
  const bool may = other->state_.with([&](State& s) { return !s.peer || (*s.peer).same(*this); });
  if (!may) return Errc::not_permitted;
  other->state_.with([](State& s) { s.phase = s.dead ? Phase::closed : Phase::established; });
  const Opt<Ref<Endpoint>> old = state_.with([&](State& s) {
    s.phase = Phase::established;
    return std::exchange(s.peer, Opt<Ref<Endpoint>>(other));
  });
  if (old && !(*old).same(other)) forget(*old);
  return Ok();
}
Status Endpoint::disconnect() const {
  const Opt<Ref<Endpoint>> old = state_.with([](State& s) {
    s.phase = Phase::closed;
    return s.peer.take();
  });
  if (old) forget(*old);
  return Ok();
}
// What the old peer sent is gone, and he hears of it if he was connected to this one.
void Endpoint::forget(const Ref<Endpoint>& old) const {
  leave(old);
  List<Message> gone{};
  state_.with([&](State& s) {
    std::swap(gone, s.queue);
    s.unread = 0;
  });
  if (gone.empty()) return;
  unblock();
  const bool told = old->state_.with([&](State& s) {
    if (s.dead || !s.peer || !(*s.peer).same(*this)) return false;
    s.error = Errc::connection_reset;
    return true;
  });
  if (told) old->readable.wake_all(poll::err.bits);
  space_->drop(gone);
}

Result<Ref<Endpoint>> Endpoint::accept(bool nonblocking) const {
  if (!connects()) return Errc::not_supported;
  if (phase() != Phase::listening) return Errc::invalid_argument;
  const Opt<Instant> deadline = deadline_of(receive_timeout.load());
  Opt<Ref<Endpoint>> got{};
  bool ended = false;
  const auto look = [&] {
    return state_.with([&](State& s) {
      got = s.pending.pop_front();
      ended = (s.shutdown & shut::receive) != 0;
      return got.has_value() || ended;
    });
  };
  if (!look()) {
    if (nonblocking) return Errc::again;
    TRY(wait_error(readable.wait_exclusive(Wait::interruptible, look, deadline), deadline));
  }
  if (!got) return Errc::invalid_argument;
  room.wake_all(poll::writable.bits);
  return *got;
}

}  // namespace svc::net
