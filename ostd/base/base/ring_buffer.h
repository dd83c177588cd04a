// SPDX-License-Identifier: MPL-2.0
// RingBuffer<T>: a first-in first-out queue of fixed capacity, with bulk transfer for bytes (pipes, terminals, sockets).
// All memory is drawn on the reservation when the first element comes, as one block. Moved-from: empty, same capacity.
// Everything is O(1), or O(elements) for bulk transfer and clear(). Full and empty are results; only a wrong index traps.
#pragma once
#include <base/annotations.h>
#include <base/opt.h>
#include <base/raw_memory.h>
#include <base/trap.h>
#include <base/types.h>
#include <span>
#include <type_traits>
#include <utility>

namespace ostd {

// SAFETY (invariant): the slots slot(0) to slot(size_ - 1) hold living objects, the others are raw; data_ has capacity_ slots.
template <class T>
class OSTD_OWNED RingBuffer {
 public:
  explicit RingBuffer(usize capacity) : capacity_(capacity) {}
  RingBuffer(RingBuffer&& o) noexcept
      : data_(std::exchange(o.data_, nullptr)), capacity_(o.capacity_), first_(std::exchange(o.first_, 0)), size_(std::exchange(o.size_, 0)) {}
  RingBuffer& operator=(RingBuffer&& o) noexcept {
    if (this != &o) {
      RingBuffer old(std::move(*this));
      data_ = std::exchange(o.data_, nullptr);
      capacity_ = o.capacity_;
      first_ = std::exchange(o.first_, 0);
      size_ = std::exchange(o.size_, 0);
    }
    return *this;
  }
  RingBuffer(const RingBuffer&) = delete;
  ~RingBuffer() { drop(); detail::raw_free(data_); }

  usize capacity() const { return capacity_; }
  usize size() const { return size_; }
  usize room() const { return capacity_ - size_; }
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == capacity_; }
  // The i-th oldest.
  const T& operator[](usize i) const OSTD_LIFETIMEBOUND { OSTD_CHECK(i < size_ && "RingBuffer index"); return data_[slot(i)]; }
  T& operator[](usize i) OSTD_LIFETIMEBOUND { OSTD_CHECK(i < size_ && "RingBuffer index"); return data_[slot(i)]; }

  // False: it is full (v is dropped).
  [[nodiscard]] bool push(T v) {
    if (full()) return false;
    need_storage();
    ::new (static_cast<void*>(data_ + slot(size_))) T(std::move(v));
    ++size_;
    return true;
  }
  Opt<T> pop() {
    if (empty()) return none;
    T* p = data_ + first_;
    Opt<T> v(std::move(*p));
    p->~T();
    first_ = slot(1);
    --size_;
    return v;
  }
  // The newest.
  Opt<T> pop_newest() {
    if (empty()) return none;
    T* p = data_ + slot(size_ - 1);
    Opt<T> v(std::move(*p));
    p->~T();
    --size_;
    return v;
  }
  void clear() { RingBuffer old(std::move(*this)); }

  // Bulk: as many as fit or as there are; how many.
  usize write(std::span<const T> from) requires std::is_trivially_copyable_v<T> {
    const usize n = from.size() < room() ? from.size() : room();
    if (n == 0) return 0;
    need_storage();
    const usize at = slot(size_);
    const usize run = n < capacity_ - at ? n : capacity_ - at;
    detail::raw_copy(data_ + at, from.data(), run);
    detail::raw_copy(data_, from.data() + run, n - run);
    size_ += n;
    return n;
  }
  usize read(std::span<T> to) requires std::is_trivially_copyable_v<T> { return discard(peek(to)); }
  // Copies from the i-th oldest on, without removing.
  usize peek(std::span<T> to, usize i = 0) const requires std::is_trivially_copyable_v<T> {
    if (i >= size_) return 0;
    const usize n = to.size() < size_ - i ? to.size() : size_ - i;
    if (n == 0) return 0;
    const usize at = slot(i);
    const usize run = n < capacity_ - at ? n : capacity_ - at;
    detail::raw_copy(to.data(), data_ + at, run);
    detail::raw_copy(to.data() + run, data_, n - run);
    return n;
  }
  // Removes up to n of the oldest; how many.
  usize discard(usize n) requires std::is_trivially_copyable_v<T> {
    if (n > size_) n = size_;
    if (n != 0) first_ = slot(n);
    size_ -= n;
    return n;
  }
  // The oldest elements as far as they lie in one piece.
  std::span<const T> front_run() const OSTD_LIFETIMEBOUND {
    const usize to_end = capacity_ - first_;
    return {data_ + first_, size_ < to_end ? size_ : to_end};
  }

 private:
  usize slot(usize i) const { const usize to_end = capacity_ - first_; return i < to_end ? first_ + i : i - to_end; }
  void need_storage() { if (data_ == nullptr) data_ = detail::raw_allocate<T>(capacity_); }
  void drop() {
    if constexpr (!std::is_trivially_destructible_v<T>)
      while (size_ != 0) (void)pop();
  }
  T* data_ = nullptr;
  usize capacity_;
  usize first_ = 0;
  usize size_ = 0;
};

}  // namespace ostd
