// SPDX-License-Identifier: MPL-2.0
// SlotMap<T>: objects named by handles that stay unique: a handle of a removed object never names a later one.
// Moved-from: empty, and starts to count anew; the handles go with the objects.
// O(1), each() O(slots ever used at once). An object draws on the reservation only when no slot is free, as Vec does.
// Traps: changing the map inside a callback that borrows mutably, 2^32 slots. A wrong handle is a result.
#pragma once
#include <base/annotations.h>
#include <base/opt.h>
#include <base/types.h>
#include <base/vec.h>
#include <base/walk.h>

namespace ostd {

template <class T>
struct SlotHandle {
  u32 index = ~0U;
  u32 generation = 0;
  constexpr bool operator==(const SlotHandle&) const = default;
};

template <class T>
class OSTD_OWNED SlotMap {
 public:
  using Handle = SlotHandle<T>;
  SlotMap() = default;
  SlotMap(SlotMap&& o) noexcept { *this = std::move(o); }
  SlotMap& operator=(SlotMap&& o) noexcept {
    if (this != &o) {
      pins_.check();
      o.pins_.check();
      Vec<Slot> old(std::move(slots_));  // dies last: its elements may use this map
      slots_ = std::move(o.slots_);
      free_ = std::exchange(o.free_, kNone);
      size_ = std::exchange(o.size_, 0);
    }
    return *this;
  }

  usize size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Handle insert(T v) {
    pins_.check();
    if (free_ == kNone) {
      OSTD_CHECK(slots_.size() < kNone && "SlotMap size");
      slots_.push_back(Slot{{}, 1, kNone});
      free_ = static_cast<u32>(slots_.size() - 1);
    }
    const u32 i = free_;
    Slot& s = slots_[i];
    free_ = s.next_free;
    s.value.emplace(std::move(v));
    ++size_;
    return {i, s.generation};
  }
  bool contains(Handle h) const { return live(h); }
  // f(T&) on the object; false: the handle names none.
  template <class F>
  bool with(Handle h, OSTD_NOESCAPE F&& f) {
    if (!live(h)) return false;
    detail::Pins::Hold hold(pins_);
    f(*slots_[h.index].value);
    return true;
  }
  template <class F>
  bool with(Handle h, OSTD_NOESCAPE F&& f) const {
    if (!live(h)) return false;
    f(*slots_[h.index].value);
    return true;
  }
  Opt<T> get(Handle h) const requires std::is_copy_constructible_v<T> {
    if (!live(h)) return none;
    return slots_[h.index].value;
  }
  Opt<T> remove(Handle h) {
    if (!live(h)) return none;
    pins_.check();
    Slot& s = slots_[h.index];
    Opt<T> v = s.value.take();
    --size_;
    // A slot whose generations are used up is never used again.
    if (++s.generation != kNone) {
      s.next_free = free_;
      free_ = h.index;
    }
    return v;
  }
  // f(Handle, T&).
  template <class F>
  void each(OSTD_NOESCAPE F&& f) {
    detail::Pins::Hold hold(pins_);
    for (u32 i = 0; i < slots_.size(); ++i)
      if (slots_[i].value.has_value() && !detail::walk_call(f, Handle{i, slots_[i].generation}, *slots_[i].value)) return;
  }
  template <class F>
  void each(OSTD_NOESCAPE F&& f) const {
    for (u32 i = 0; i < slots_.size(); ++i)
      if (slots_[i].value.has_value() && !detail::walk_call(f, Handle{i, slots_[i].generation}, *slots_[i].value)) return;
  }

 private:
  static constexpr u32 kNone = ~0U;
  struct Slot {
    Opt<T> value;
    u32 generation = 1;
    u32 next_free = kNone;
  };
  bool live(Handle h) const {
    return h.index < slots_.size() && slots_[h.index].generation == h.generation && slots_[h.index].value.has_value();
  }
  Vec<Slot> slots_;
  u32 free_ = kNone;
  usize size_ = 0;
  detail::Pins pins_;
};

}  // namespace ostd
