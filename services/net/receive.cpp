// SPDX-License-Identifier: MPL-2.0
// Receiving. A call that has copied something out is successful; what was not copied stays.
#include <services/net/socket_file.h>

namespace svc::net {

Result<Received> Endpoint::receive(const ReceiveArgs& a, Writer& to) const {
  return kind_ == Kind::stream ? receive_stream(a, to) : receive_message(a, to);
}

void Endpoint::move_peek_offset(i64 by) const {
  const i32 at = peek_offset.load();
  if (at < 0 || by == 0) return;
  const i64 to = at + by;
  peek_offset.store(to < 0 ? 0 : to > INT32_MAX ? INT32_MAX : static_cast<i32>(to));
}

// skip: how far behind the unread bytes a look begins. Takes what is there, up to a change of sender or a message with files. Returns whether that ends the call; if not, the queue
// is empty.
Result<bool> Endpoint::read_some(const ReceiveArgs& a, Writer& to, Received& r, bool& first, u64& skip) const {
  Opt<Ref<Message>> m = state_.with([](State& s) { return s.queue.front(); });
  while (m) {
    const Ref<Message> held = *m;
    const Message& now = *held;
    const usize taken = now.consumed.load(Order::relaxed);
    if (skip != 0 && skip >= now.length() - taken) {
      skip -= now.length() - taken;
      m = state_.with([&](State& st) { return st.queue.after(now); });
      continue;
    }
    const PeerId sender = now.sender() ? *now.sender() : kUnknownSender;
    // Bytes of different senders are not glued together for one who asks who they are of.
    if (pass_credentials.load() != 0) {
      if (r.sender && !(*r.sender == sender)) return true;
      r.sender = sender;
    }
    if (first) r.from = now.from()->name();
    first = false;
    const usize at = taken + static_cast<usize>(skip), left = now.length() - at;
    const usize n = left < to.remaining() ? left : to.remaining();
    const Status s = now.copy_out(to, at, n);
    if (!s.ok()) {
      if (r.copied == 0) return Err(s.error());
      return true;
    }
    r.copied += n;
    if (a.peek) {
      r.files = space_->look(now);
      move_peek_offset(static_cast<i64>(n));
      skip = 0;
      m = state_.with([&](State& st) { return st.queue.after(now); });
      if (r.files || !m || to.remaining() == 0) return true;
      continue;
    }
    now.consumed.store(at + n, Order::relaxed);
    move_peek_offset(-static_cast<i64>(n));
    state_.with([&](State& st) { st.unread -= n < st.unread ? n : st.unread; });
    r.files = space_->arrive(now);
    if (n < left) return true;
    remove(now);
    if (r.files || to.remaining() == 0) return true;
    m = state_.with([](State& st) { return st.queue.front(); });
  }
  return false;
}

Result<Received> Endpoint::receive_stream(const ReceiveArgs& a, Writer& to) const {
  // A connection that its peer has ended is one still.
  if (phase() != Phase::established) return Errc::invalid_argument;
  const usize size = to.remaining(), mark = low_mark.load();
  usize target = a.wait_all ? size : mark < size ? mark : size;
  if (target == 0) target = 1;
  const Opt<Instant> deadline = deadline_of(receive_timeout.load());
  Received r{};
  bool first = true;
  const i32 offset = a.peek ? peek_offset.load() : 0;
  u64 skip = offset > 0 ? static_cast<u64>(offset) : 0;
  for (;;) {
    const Result<bool> ended = reading_.with([&](u32&) { return read_some(a, to, r, first, skip); });
    if (!ended.ok()) return Err(ended.error());
    if (ended.value() || r.copied >= target) break;
    const Now s = now();
    if (s.error != Errc::ok) {
      if (r.copied == 0) return Err(take_error());
      break;
    }
    if ((s.shutdown & shut::receive) != 0) {
      // Looked at the queue before the end: what came in between is there to be read.
      if (state_.with([](State& st) { return st.queue.empty(); })) break;
      continue;
    }
    if (a.nonblocking) {
      if (r.copied == 0) return Errc::again;
      break;
    }
    const Opt<Ref<Message>> last = a.peek ? state_.with([](State& st) { return st.queue.back(); }) : Opt<Ref<Message>>();
    const Status w = readable.wait_until(Wait::interruptible, [&] {
      return state_.with([&](State& st) {
        const bool news = last ? st.queue.after(**last).has_value() || !st.queue.contains(**last) : !st.queue.empty();
        return news || st.error != Errc::ok || (st.shutdown & shut::receive) != 0;
      });
    }, deadline);
    if (!w.ok()) {
      if (r.copied != 0) break;
      return Err(wait_error(w, deadline).error());
    }
  }
  r.length = r.copied;
  return r;
}

Result<bool> Endpoint::read_one(const ReceiveArgs& a, Writer& to, Received& r) const {
  const Errc error = take_error();
  if (error != Errc::ok) return Err(error);
  Opt<Ref<Message>> m = state_.with([](State& s) { return s.queue.front(); });
  // A look from an offset on goes past whole messages.
  const i32 offset = a.peek ? peek_offset.load() : -1;
  usize skip = offset > 0 ? static_cast<usize>(offset) : 0;
  while (m && skip != 0 && skip >= (*m)->length()) {
    skip -= (*m)->length();
    const Ref<Message> past = *m;
    m = state_.with([&](State& s) { return s.queue.after(*past); });
  }
  if (!m) return false;
  const Message& now = **m;
  r.length = now.length() - skip;
  r.copied = r.length < to.remaining() ? r.length : to.remaining();
  r.truncated = r.copied < r.length;
  r.from = now.from()->name();
  if (pass_credentials.load() != 0) r.sender = now.sender() ? *now.sender() : kUnknownSender;
  const Status s = now.copy_out(to, skip, r.copied);
  if (a.peek) {
    if (s.ok()) r.files = space_->look(now);
    move_peek_offset(static_cast<i64>(r.copied));
  } else {
    move_peek_offset(-static_cast<i64>(now.length()));
    r.files = space_->arrive(now);
    remove(now);
    state_.with([&](State& st) { st.unread -= now.length() < st.unread ? now.length() : st.unread; });
    unblock();
  }
  if (!s.ok()) return Err(s.error());
  return true;
}

Result<Received> Endpoint::receive_message(const ReceiveArgs& a, Writer& to) const {
  if (kind_ == Kind::seqpacket && phase() != Phase::established) return Errc::not_connected;
  const Opt<Instant> deadline = deadline_of(receive_timeout.load());
  for (;;) {
    // What is left of the message ends behind the lock.
    Received r{};
    const Result<bool> got = reading_.with([&](u32&) { return read_one(a, to, r); });
    if (!got.ok()) return Err(got.error());
    if (got.value()) return r;
    const bool ended = (now().shutdown & shut::receive) != 0;
    if (a.nonblocking) {
      if (kind_ == Kind::seqpacket && ended) return r;
      return Errc::again;
    }
    if (ended) return r;
    const Status w = readable.wait_until(Wait::interruptible, [&] {
      return state_.with([](State& s) { return !s.queue.empty() || s.error != Errc::ok || (s.shutdown & shut::receive) != 0; });
    }, deadline);
    TRY(wait_error(w, deadline));
  }
}

}  // namespace svc::net
