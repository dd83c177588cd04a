// SPDX-License-Identifier: MPL-2.0
// The objects of one kind, by id and by key. An id is an index, taken in turn from half as many again as are in use, and a sequence
// number that rises when the indices start again: so an old id soon names nothing, and not a new object for long.
#pragma once
#include <base/bitmap.h>
#include <base/hash_map.h>
#include <base/map.h>
#include <services/ipc/object.h>

namespace svc::ipc {

template <class T>
class IdTable {
 public:
  IdTable() = default;
  // Gives it an id. Errors: no_space (as many as the limit); exists (its key is somebody else's).
  Status add(const Ref<T>& o, u32 limit) const {
    return state_.with([&](State& s) -> Status {
      if (o->key() != kPrivate && s.by_key.contains(o->key())) return Errc::exists;
      if (s.objects.size() >= (limit < kMostObjects ? limit : kMostObjects)) return Errc::no_space;
      const usize wanted = s.objects.size() * 3 / 2;
      const usize end = wanted < kFewest ? kFewest : wanted < kMostObjects ? wanted : kMostObjects;
      Opt<usize> i = s.used.first_zero_from(s.next);
      if (!i || *i >= end) i = s.used.first_zero_from(0);
      if (!i || *i >= end) return Errc::no_space;
      const u32 index = static_cast<u32>(*i);
      if (s.last && index <= *s.last) s.sequence = s.sequence + 1 < kSequences ? s.sequence + 1 : 0;
      s.last = index;
      s.next = index + 1;
      s.used.set(index);
      o->id_.store(static_cast<i32>(s.sequence << kIndexBits | index));
      s.objects.insert(index, o);
      if (o->key() != kPrivate) s.by_key.insert(o->key(), index);
      return Ok();
    });
  }
  Opt<Ref<T>> by_key(i32 key) const {
    return state_.with([&](State& s) -> Opt<Ref<T>> {
      const Opt<u32> i = s.by_key.get(key);
      return i ? s.objects.get(*i) : Opt<Ref<T>>();
    });
  }
  // Errors: invalid_argument.
  Result<Ref<T>> find(i32 id) const {
    if (id < 0) return Errc::invalid_argument;
    const Opt<Ref<T>> o = at(static_cast<u32>(id) & (kMostObjects - 1));
    if (!o || (*o)->id() != id) return Errc::invalid_argument;
    return *o;
  }
  Opt<Ref<T>> at(u32 index) const { return state_.with([&](State& s) { return s.objects.get(index); }); }
  // The object with the next index from there on.
  Opt<Ref<T>> next(u32 index) const {
    return state_.with([&](State& s) -> Opt<Ref<T>> {
      const Opt<u32> i = s.objects.lower_bound(index);
      return i ? s.objects.get(*i) : Opt<Ref<T>>();
    });
  }
  // No key leads to it any more.
  void forget_key(const T& o) const {
    state_.with([&](State& s) { drop_key(s, o); });
  }
  // False: it was removed before.
  bool remove(const T& o) const {
    Opt<Ref<T>> gone{};
    state_.with([&](State& s) {
      bool here = false;
      s.objects.with(o.index(), [&](const Ref<T>& x) { here = x.same(o); });
      if (!here) return;
      drop_key(s, o);
      s.used.clear(o.index());
      gone = s.objects.remove(o.index());
    });
    return gone.has_value();
  }
  usize in_use() const { return state_.with([](State& s) { return s.objects.size(); }); }
  // 0 when there is none, too.
  u32 highest_index() const {
    return state_.with([](State& s) {
      const Opt<u32> k = s.objects.last_key();
      return k ? *k : 0U;
    });
  }

 private:
  static constexpr usize kFewest = 64;
  static constexpr u32 kSequences = 0xffff;
  struct State {
    Map<u32, Ref<T>> objects{};
    HashMap<i32, u32> by_key{};
    Bitmap used{kMostObjects};
    usize next = 0;
    Opt<u32> last{};
    u32 sequence = 0;
  };
  static void drop_key(State& s, const T& o) {
    if (o.key() == kPrivate) return;
    static_cast<void>(s.by_key.remove(o.key()));
    o.key_.store(kPrivate);
  }
  SpinLocked<State, rank::kIpcIds> state_{};
};

}  // namespace svc::ipc
