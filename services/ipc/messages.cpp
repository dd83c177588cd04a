// SPDX-License-Identifier: MPL-2.0
// Messages and their queues.
#include <ostd/reservation.h>
#include <services/ipc/space.h>

namespace svc::ipc {
namespace {

constexpr usize kSmall = 1024;   // longer ones are in pages

}  // namespace

Message::Message(i64 type, usize length, Body b) : type_(type), length_(length), body_(std::move(b)), place_(TypeQueues::Loose(type, List<Message, OfType>())) {}

TypeQueues::Loose Message::take_place() const {
  return place_.with([](TypeQueues::Loose& p) { return std::move(p); });
}

Result<Ref<Message>> Message::copy_in(i64 type, Reader& from, usize n) {
  TRY(mem::reserve(n <= kSmall ? 4 : n / kPageSize + n / (kPageSize * 64) + 8));
  Body b{};
  if (n <= kSmall) {
    b.small.resize(n);
    if (n != 0 && TRY(from.read(b.small.items())) < n) return Errc::fault;
    return make_ref<Message>(type, n, std::move(b));
  }
  b.pages.reserve((n + kPageMask) / kPageSize);
  for (usize left = n; left != 0;) {
    const usize part = left < kPageSize ? left : kPageSize;
    b.pages.push_back(UFrame::alloc(Zero::no));
    if (TRY(from.read_to(b.pages.back(), 0, part)) < part) return Errc::fault;
    left -= part;
  }
  return make_ref<Message>(type, n, std::move(b));
}

Status Message::copy_out(Writer& to, usize n) const {
  if (n == 0) return Ok();
  if (body_.pages.empty()) {
    if (TRY(to.write(body_.small.items().first(n))) < n) return Errc::fault;
    return Ok();
  }
  for (usize done = 0; done < n;) {
    const usize part = n - done < kPageSize ? n - done : kPageSize;
    if (TRY(to.write_from(body_.pages[done / kPageSize], 0, part)) < part) return Errc::fault;
    done += part;
  }
  return Ok();
}

bool Wanted::takes(const Message& m) const {
  switch (which) {
    case Which::equal: return m.type() == type;
    case Which::not_equal: return m.type() != type;
    case Which::lowest: return m.type() <= type;
    case Which::any:
    case Which::number: break;
  }
  return true;
}

Sender::Sender(Ref<Message> m, const Context& who)
    : Sleeper(ostd::task::current()), message(std::move(m)), pid(who.process_id().value), cred(ref_of(who.credentials())) {}
Receiver::Receiver(const Wanted& w, const Context& who)
    : Sleeper(ostd::task::current()), wanted(w), tid(who.thread_id().value), cred(ref_of(who.credentials())) {}

MessageQueue::MessageQueue(const Context& who, i32 key, u32 mode, u64 most_bytes, Weak<Space> space) : Object(who, key, mode), space_(std::move(space)) {
  state_.with([&](State& s) {
    s.shown.most_bytes = most_bytes;
    s.shown.change_time = wall_seconds();
  });
}

// Empty messages count, too. The limit can be as large as a number gets.
bool MessageQueue::fits(const State& s, const Message& m) {
  const u64 most = s.shown.most_bytes;
  return s.shown.bytes <= most && m.length() <= most - s.shown.bytes && s.shown.messages < most;
}

// To the first receiver that takes it, or into the queue. One whose room is too small learns that and goes.
void MessageQueue::put(State& s, const Ref<Message>& m, i32 pid, WakeList& woken) {
  s.shown.last_sender = pid;
  s.shown.send_time = wall_seconds();
  Opt<Ref<Receiver>> at = s.receivers.front();
  while (at) {
    const Ref<Receiver> r = *at;
    at = s.receivers.after(*r);
    if (!r->wanted.takes(*m)) continue;
    static_cast<void>(s.receivers.remove(*r));
    woken.push_back(r);
    if (m->length() > r->wanted.room && !r->wanted.truncate) {
      r->finish(Errc::argument_list_too_long);
      continue;
    }
    r->got.with([&](Opt<Ref<Message>>& g) { g = m; });
    s.shown.last_receiver = r->tid;
    s.shown.receive_time = wall_seconds();
    r->finish(Ok());
    return;
  }
  s.all.push_back(m);
  TypeQueues::Loose place = m->take_place();
  static_cast<void>(s.by_type.insert(place));
  s.by_type.with(m->type(), [&](List<Message, OfType>& l) { l.push_back(m); });
  s.shown.bytes += m->length();
  ++s.shown.messages;
}

Opt<Ref<Message>> MessageQueue::find(State& s, const Wanted& w) {
  Opt<Ref<Message>> found{};
  const auto first_of = [&](i64 type) { s.by_type.with(type, [&](List<Message, OfType>& l) { found = l.front(); }); };
  switch (w.which) {
    case Wanted::Which::any: return s.all.front();
    case Wanted::Which::equal: first_of(w.type); break;
    case Wanted::Which::lowest: {
      const Opt<i64> lowest = s.by_type.first_key();
      if (lowest && *lowest <= w.type) first_of(*lowest);
      break;
    }
    case Wanted::Which::not_equal:
      found = s.all.front();
      while (found && !w.takes(**found)) found = s.all.after(**found);
      break;
    case Wanted::Which::number:
      if (w.type < 0) return none;
      found = s.all.front();
      for (i64 i = 0; found && i < w.type; ++i) found = s.all.after(**found);
      break;
  }
  return found;
}

// Errors: no_message, argument_list_too_long, invalid_argument.
Result<Ref<Message>> MessageQueue::take(State& s, const Wanted& w, i32 pid) {
  const Opt<Ref<Message>> m = find(s, w);
  if (!m) return Errc::no_message;
  if ((*m)->length() > w.room && !w.truncate) return Errc::argument_list_too_long;
  if (w.copy && (*m)->length() > w.room) return Errc::invalid_argument;
  if (w.copy) return *m;
  static_cast<void>(s.all.remove(**m));
  bool last = false;
  s.by_type.with((*m)->type(), [&](List<Message, OfType>& l) {
    static_cast<void>(l.remove(**m));
    last = l.empty();
  });
  if (last) static_cast<void>(s.by_type.remove((*m)->type()));
  s.shown.bytes -= (*m)->length();
  --s.shown.messages;
  s.shown.receive_time = wall_seconds();
  s.shown.last_receiver = pid;
  return *m;
}

// Senders whose messages fit now.
void MessageQueue::admit(State& s, WakeList& woken) const {
  Opt<Ref<Sender>> at = s.senders.front();
  while (at) {
    const Ref<Sender> w = *at;
    at = s.senders.after(*w);
    if (!fits(s, *w->message)) continue;
    static_cast<void>(s.senders.remove(*w));
    woken.push_back(w);
    if (allows(*w->cred, kWrite)) {
      put(s, w->message, w->pid, woken);
      w->finish(Ok());
    } else {
      w->finish(Errc::access_denied);
    }
  }
}

Status MessageQueue::send(const Context& who, const Ref<Message>& m, Full full) const {
  if (!allows(who.credentials(), kWrite)) return Errc::access_denied;
  const Ref<Sender> w = make_ref<Sender>(m, who);
  WakeList woken{};
  const Status s = state_.with([&](State& st) -> Status {
    if (st.removed) return Errc::identifier_removed;
    if (fits(st, *m)) {
      put(st, m, who.process_id().value, woken);
      w->finish(Ok());
      return Ok();
    }
    if (full == Full::refuse) return Errc::again;
    st.senders.push_back(w);
    return Ok();
  });
  wake_all(std::move(woken));
  TRY(s);
  return w->sleep(none, [&] { return state_.with([&](State& st) { return st.senders.remove(*w).has_value(); }); });
}

Result<Ref<Message>> MessageQueue::receive(const Context& who, const Wanted& wanted) const {
  if (!allows(who.credentials(), kRead)) return Errc::access_denied;
  const Ref<Receiver> w = make_ref<Receiver>(wanted, who);
  WakeList woken{};
  Result<Ref<Message>> r = state_.with([&](State& s) -> Result<Ref<Message>> {
    if (s.removed) return Errc::identifier_removed;
    Result<Ref<Message>> m = take(s, wanted, who.process_id().value);
    if (m.ok() && !wanted.copy) admit(s, woken);
    if (!m.ok() && m.error() == Errc::no_message && wanted.wait) s.receivers.push_back(w);
    return m;
  });
  wake_all(std::move(woken));
  if (r.ok() || r.error() != Errc::no_message || !wanted.wait) return r;
  TRY(w->sleep(none, [&] { return state_.with([&](State& s) { return s.receivers.remove(*w).has_value(); }); }));
  const Opt<Ref<Message>> got = w->got.with([](Opt<Ref<Message>>& g) { return g; });
  if (!got) return Errc::no_message;
  return *got;
}

void MessageQueue::set(u64 most_bytes) const {
  WakeList woken{};
  state_.with([&](State& s) {
    s.shown.most_bytes = most_bytes;
    s.shown.change_time = wall_seconds();
    Opt<Ref<Receiver>> at = s.receivers.front();
    while (at) {
      const Ref<Receiver> r = *at;
      at = s.receivers.after(*r);
      if (allows(*r->cred, kRead)) continue;
      static_cast<void>(s.receivers.remove(*r));
      r->finish(Errc::access_denied);
      woken.push_back(r);
    }
    admit(s, woken);
  });
  wake_all(std::move(woken));
}

void MessageQueue::remove() const {
  const Opt<Ref<Space>> space = space_.lock();
  if (space) static_cast<void>((*space)->queues().remove(*this));
  WakeList woken{};
  List<Message> gone{};
  TypeQueues types{};
  state_.with([&](State& s) {
    s.removed = true;
    for (Opt<Ref<Sender>> w = s.senders.pop_front(); w; w = s.senders.pop_front()) {
      (*w)->finish(Errc::identifier_removed);
      woken.push_back(*w);
    }
    for (Opt<Ref<Receiver>> w = s.receivers.pop_front(); w; w = s.receivers.pop_front()) {
      (*w)->finish(Errc::identifier_removed);
      woken.push_back(*w);
    }
    std::swap(gone, s.all);
    std::swap(types, s.by_type);
  });
  wake_all(std::move(woken));
}

}  // namespace svc::ipc
