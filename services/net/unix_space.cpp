// SPDX-License-Identifier: MPL-2.0
// Names, and sockets in flight. A socket is garbage when all that refers to its file are messages in queues of garbage: so the
// messages of those whose references are all in flight are looked at twice, once to subtract what they explain, once to spread
// life from what is left. Nobody can come by a reference meanwhile but through a living socket.
#include <services/net/endpoint.h>
#include <services/net/socket_file.h>

namespace svc::net {
namespace {

// Sockets of different kinds may have the same abstract name.
String key_of(Kind kind, const UnixName& name) {
  String s{};
  s.append(kind == Kind::stream ? std::string_view("s") : kind == Kind::datagram ? std::string_view("d") : std::string_view("p"));
  s.append(name.bytes());
  return s;
}

template <class F>
void each_socket(const FileList& list, F&& f) {
  if (!list.has_sockets()) return;
  for (const Passed& p : list.files()) {
    const Opt<Ref<SocketFile>> s = p.ref().as<SocketFile>();
    if (s) f((*s)->endpoint());
  }
}

}  // namespace

Status UnixSpace::claim(Kind kind, const UnixName& name, const Ref<Endpoint>& owner) const {
  const bool added = names_.with([&](Map<String, Weak<Endpoint>>& m) { return m.insert(key_of(kind, name), Weak<Endpoint>(owner)); });
  if (!added) return Errc::address_in_use;
  return Ok();
}
void UnixSpace::disclaim(Kind kind, const UnixName& name, const Endpoint& owner) const {
  const String key = key_of(kind, name);
  names_.with([&](Map<String, Weak<Endpoint>>& m) {
    bool mine = false;
    m.with(key.view(), [&](Weak<Endpoint>& w) { mine = w.refers_to(owner); });
    if (mine) static_cast<void>(m.remove(key.view()));
  });
}
Opt<Ref<Endpoint>> UnixSpace::find(Kind kind, const UnixName& name) const {
  const String key = key_of(kind, name);
  return names_.with([&](Map<String, Weak<Endpoint>>& m) -> Opt<Ref<Endpoint>> {
    const Opt<Weak<Endpoint>> w = m.get(key.view());
    return w ? w->lock() : Opt<Ref<Endpoint>>();
  });
}

// There is no circle without a socket that is in a message, or waits to be accepted, and has such messages itself.
void UnixSpace::count(InFlight& s, const FileList& files, const Endpoint& to) {
  files.counted.store(1);
  to.carried.store(1);
  if (to.in_flight.load() != 0 || !to.file()) s.circles = true;
  each_socket(files, [&](const Ref<Endpoint>& e) {
    if (e->carried.load() != 0 || e.same(to) || e->phase() == Phase::listening) s.circles = true;
    if (e->in_flight.fetch_add(1) == 0) static_cast<void>(s.sockets.push_back(e));
  });
}
void UnixSpace::uncount(InFlight& s, const FileList& files) {
  if (files.counted.exchange(0) == 0) return;
  each_socket(files, [&](const Ref<Endpoint>& e) {
    if (e->in_flight.fetch_sub(1) == 1) static_cast<void>(s.sockets.remove(*e));
  });
  if (s.sockets.empty()) s.circles = false;
}

bool UnixSpace::send_off(const Opt<Ref<FileList>>& files, const Endpoint& to, FnRef<bool()> f) const {
  if (!files || !(*files)->has_sockets()) return f();
  return in_flight_.with([&](InFlight& s) {
    if (!f()) return false;
    count(s, **files, to);
    flying_.store(s.sockets.size());
    return true;
  });
}
Opt<Ref<FileList>> UnixSpace::arrive(const Message& m) const {
  const Opt<Ref<FileList>> seen = m.files();
  if (!seen || !(*seen)->has_sockets()) return m.take_files();
  return in_flight_.with([&](InFlight& s) {
    Opt<Ref<FileList>> files = m.take_files();
    if (files) uncount(s, **files);
    flying_.store(s.sockets.size());
    return files;
  });
}
Opt<Ref<FileList>> UnixSpace::look(const Message& m) const {
  const Opt<Ref<FileList>> seen = m.files();
  if (!seen || !(*seen)->has_sockets()) return seen;
  return in_flight_.with([&](InFlight&) { return m.files(); });
}

void UnixSpace::drop(List<Message>& gone) const {
  for (Opt<Ref<Message>> m = gone.front(); m; m = gone.after(**m)) {
    const Opt<Ref<FileList>> files = (*m)->files();
    if (files && (*files)->has_sockets()) in_flight_.with([&](InFlight& s) {
      uncount(s, **files);
      flying_.store(s.sockets.size());
    });
  }
  const bool mine = doomed_.with([&](Doomed& d) {
    while (Opt<Ref<Message>> m = gone.pop_front()) static_cast<void>(d.messages.push_back(*std::move(m)));
    return !std::exchange(d.busy, true);
  });
  // Whoever is at it already takes these too: files that end in messages do not nest.
  while (mine) {
    const Opt<Ref<Message>> m = doomed_.with([](Doomed& d) {
      Opt<Ref<Message>> next = d.messages.pop_front();
      if (!next) d.busy = false;
      return next;
    });
    if (!m) return;
  }
}

void UnixSpace::find_garbage(InFlight& s, const Opt<Ref<Endpoint>>& closing, List<Message>& garbage) {
  enum : u32 { kRooted = 0, kCandidate = 1 };
  List<Endpoint, WorkTag> living{};
  s.sockets.each([&](const Endpoint& e) {
    const Opt<Ref<SocketFile>> f = e.file();
    const u32 n = e.in_flight.load(), idle = closing && (*closing).same(e) ? 2 : 1;
    e.marked.store(f && (*f)->ref_count() == n + idle ? kCandidate : kRooted);
    e.unexplained.store(n);
  });
  s.sockets.each([](const Endpoint& e) {
    if (e.marked.load() != kCandidate) return;
    e.each_file_list([](const FileList& l) { each_socket(l, [](const Ref<Endpoint>& x) { x->unexplained.fetch_sub(1); }); });
  });
  s.sockets.each([&](const Endpoint& e) {
    if (e.marked.load() != kCandidate || e.unexplained.load() == 0) return;
    e.marked.store(kRooted);
    static_cast<void>(living.push_back(ref_of(e)));
  });
  while (const Opt<Ref<Endpoint>> e = living.pop_front()) {
    (*e)->each_file_list([&](const FileList& l) {
      each_socket(l, [&](const Ref<Endpoint>& x) {
        if (x->marked.exchange(kRooted) == kCandidate) static_cast<void>(living.push_back(x));
      });
    });
  }
  for (Opt<Ref<Endpoint>> e = s.sockets.front(); e; e = s.sockets.after(**e))
    if ((*e)->marked.load() == kCandidate) (*e)->take_messages(garbage);
}

Ref<FlightQuota> UnixSpace::quota(Uid uid) const {
  return quotas_.with([&](HashMap<u32, Ref<FlightQuota>>& m) {
    const Opt<Ref<FlightQuota>> q = m.get(uid.value);
    if (q) return *q;
    // Users without files in messages are forgotten when there are many.
    if (m.size() >= 64) m.remove_if([](const u32&, const Ref<FlightQuota>& v) { return v->ref_count() == 1 && v->used.load() == 0; });
    Ref<FlightQuota> fresh = make_ref<FlightQuota>();
    m.insert(uid.value, fresh);
    return fresh;
  });
}

void UnixSpace::collect(const Opt<Ref<Endpoint>>& closing) const {
  if (flying_.load() == 0) return;
  List<Message> garbage{};
  in_flight_.with([&](InFlight& s) {
    if (!s.circles) return;
    // A look costs as much as there is in flight: when that is much, it is taken again after so many calls that it is little for each.
    if (s.kept > 64 && ++s.since < s.kept / 8) return;
    find_garbage(s, closing, garbage);
    s.since = 0;
    s.kept = s.sockets.size();
  });
  if (!garbage.empty()) drop(garbage);
}

}  // namespace svc::net
