// SPDX-License-Identifier: MPL-2.0
// Sending. A stream is cut into messages of up to 36 KiB; a packet is one message.
#include <services/net/socket_file.h>

namespace svc::net {
namespace {

constexpr usize kHead = 4096 - 320;         // of a stream's message: one page less what describes it
constexpr usize kPacketHead = 16384 - 320;
constexpr usize kStreamPages = 32768;

}  // namespace

Result<usize> Endpoint::send(const SendArgs& a, Reader& from, bool has_address, FindPeer find) const {
  return kind_ == Kind::stream ? send_stream(a, from, has_address) : send_message(a, from, has_address, find);
}

Opt<PeerId> Endpoint::sender_for(const SendArgs& a, const Endpoint& other) const {
  if (a.credentials) return a.credentials;
  if (pass_credentials.load() != 0 || other.pass_credentials.load() != 0 || !other.file()) return a.self;
  return none;
}

// Waits for buffer space of its own, then copies in. Errors: again, broken_pipe, fault, out_of_memory, restart_syscall, interrupted.
Result<Ref<Message>> Endpoint::make_message(const SendArgs& a, Reader& from, usize n, usize most_in_head, Opt<Instant> deadline, bool with_files) const {
  for (;;) {
    const Now s = now();
    if (s.error != Errc::ok) return Err(take_error());
    if ((s.shutdown & shut::send) != 0) return Errc::broken_pipe;
    if (charged_.load() < send_space.load()) break;
    if (a.nonblocking) return Errc::again;
    const Status w = writable.wait_until(Wait::interruptible, [&] {
      const Now t = now();
      return charged_.load() < send_space.load() || t.error != Errc::ok || (t.shutdown & shut::send) != 0;
    }, deadline);
    TRY(wait_error(w, deadline));
  }
  if (with_files && a.files && a.too_many_files) return Errc::too_many_references;
  Message::Parts p = TRY(Message::copy_in(from, n));
  p.charge = charge_of(n, most_in_head);
  return make_ref<Message>(std::move(p), ref_of(*this), with_files ? a.files : Opt<Ref<FileList>>());
}

Result<usize> Endpoint::send_stream(const SendArgs& a, Reader& from, bool has_address) const {
  const Now s = now();
  if (has_address) return s.phase == Phase::established ? Errc::already_connected : Errc::not_supported;
  if (!s.peer) return Errc::not_connected;
  if ((s.shutdown & shut::send) != 0) return Errc::broken_pipe;
  const Endpoint& other = **s.peer;
  const Opt<Instant> deadline = deadline_of(send_timeout.load());
  usize sent = 0;
  while (from.remaining() != 0) {
    const usize half = send_space.load() / 2 - 64;
    usize n = from.remaining() < half ? from.remaining() : half;
    if (n > kHead + kStreamPages) n = kHead + kStreamPages;
    const Result<Ref<Message>> made = make_message(a, from, n, kHead, deadline, sent == 0);
    if (!made.ok()) return sent != 0 ? Result<usize>(sent) : Result<usize>(Err(made.error()));
    const Ref<Message>& m = made.value();
    m->set_sender(sender_for(a, other));
    const bool queued = space_->send_off(m->files(), other, [&] { return other.append(m) == Put::done; });
    if (!queued) return sent != 0 ? Result<usize>(sent) : Result<usize>(Errc::broken_pipe);
    other.readable.wake_all(poll::readable.bits | poll::rdband.bits);
    sent += n;
  }
  return sent;
}

// A queue that is full and not of one's own peer makes its senders wait.
Status Endpoint::wait_for_room(const Ref<Endpoint>& other, const SendArgs& a, Opt<Instant> deadline) const {
  if (a.nonblocking) return Errc::again;
  return wait_error(other->room.wait_until(Wait::interruptible, [&] {
    return other->state_.with([&](State& s) { return s.dead || (s.shutdown & shut::receive) != 0 || !s.full() || (s.peer && (*s.peer).same(*this)); });
  }, deadline), deadline);
}

Result<usize> Endpoint::send_message(const SendArgs& a, Reader& from, bool has_address, FindPeer find) const {
  const Now before = now();
  const bool addressed = has_address && kind_ == Kind::datagram;
  if (kind_ == Kind::seqpacket) {
    if (before.error != Errc::ok) return Err(take_error());
    if (before.phase != Phase::established) return Errc::not_connected;
  }
  if (!addressed && !before.peer) return Errc::not_connected;
  const usize n = from.remaining();
  if (n > send_space.load() - 32) return Errc::message_too_long;
  const Opt<Instant> deadline = deadline_of(send_timeout.load());
  const Ref<Message> m = TRY(make_message(a, from, n, kPacketHead, deadline, true));
  Opt<Ref<Endpoint>> target = before.peer;
  if (addressed) target = TRY(find());
  for (;;) {
    const Ref<Endpoint> other = *target;
    m->set_sender(sender_for(a, *other));
    Put put = Put::done;
    static_cast<void>(space_->send_off(m->files(), *other, [&] { put = other->append(m); return put == Put::done; }));
    switch (put) {
      case Put::done: other->readable.wake_all(poll::readable.bits | poll::rdband.bits); return n;
      case Put::not_permitted: return Errc::not_permitted;
      case Put::refused: return Errc::broken_pipe;
      case Put::full: TRY(wait_for_room(other, a, deadline)); break;
      case Put::dead: {
        if (kind_ == Kind::seqpacket) return Errc::broken_pipe;
        // The peer has gone: this socket is no longer connected.
        const Opt<Ref<Endpoint>> old = state_.with([&](State& s) -> Opt<Ref<Endpoint>> {
          if (!s.peer || !(*s.peer).same(other)) return none;
          s.phase = Phase::closed;
          return s.peer.take();
        });
        if (old) leave(*old);
        if (old || !addressed) return Errc::connection_refused;
        break;
      }
    }
    if (addressed) target = TRY(find());  // as the name stands now
  }
}

}  // namespace svc::net
