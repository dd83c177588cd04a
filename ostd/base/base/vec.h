// SPDX-License-Identifier: MPL-2.0
// Vec<T>: a growing array in one piece. Vec<T, N> (SmallVec) keeps up to N elements inside itself.
// Indices are checked. A borrow (items(), operator[], front(), range-for) lasts until the next call that is not const.
// Moved-from: empty. Growing doubles the capacity; large sets belong into Map or HashMap, which grow in small pieces.
// push_back and pop_back are O(1) (amortized), insert, remove, remove_if and index_of O(n), sort O(n log n), moving O(1), or O(N)
// for elements inside. Growing draws one block of the new capacity on the reservation, while the old one still exists.
// Traps: an index not below size(), front, back and pop_back of an empty Vec, sizes that no memory has.
#pragma once
#include <base/annotations.h>
#include <base/opt.h>
#include <base/raw_memory.h>
#include <base/trap.h>
#include <base/types.h>
#include <concepts>
#include <span>
#include <type_traits>
#include <utility>

namespace ostd {

// For range-for only: knows its end, so it cannot leave the array.
template <class T>
class OSTD_VIEW VecIter {
 public:
  VecIter(T* at, T* end) : at_(at), end_(end) {}
  T& operator*() const { OSTD_CHECK(at_ != end_ && "iterator in range"); return *at_; }
  VecIter& operator++() { OSTD_CHECK(at_ != end_ && "iterator in range"); ++at_; return *this; }
  bool operator==(const VecIter& o) const { return at_ == o.at_; }

 private:
  T* at_;
  T* end_;
};

// SAFETY (invariant): [data_, data_ + size_) are living objects, [data_ + size_, data_ + capacity_) is raw storage.
template <class T, usize N = 0>
class OSTD_OWNED Vec {
 public:
  constexpr Vec() { if constexpr (N != 0) data_ = room_.data(); }
  Vec(Vec&& o) noexcept { if constexpr (N != 0) data_ = room_.data(); take(o); }
  Vec(const Vec& o) requires std::is_copy_constructible_v<T> : Vec() { append(o.items()); }
  Vec& operator=(Vec&& o) noexcept {
    if (this != &o) {
      // The old elements die last: their destructors may use this Vec.
      Vec old(std::move(*this));
      take(o);
    }
    return *this;
  }
  Vec& operator=(const Vec& o) requires std::is_copy_constructible_v<T> {
    if (this != &o) { Vec copy(o); *this = std::move(copy); }
    return *this;
  }
  ~Vec() { drop_all(); }
  static Vec from(std::span<const T> items) requires std::is_copy_constructible_v<T> {
    Vec v;
    v.append(items);
    return v;
  }
  static Vec filled(usize n, const T& value) requires std::is_copy_constructible_v<T> {
    Vec v;
    v.resize(n, value);
    return v;
  }

  usize size() const { return size_; }
  bool empty() const { return size_ == 0; }
  usize capacity() const { return capacity_; }
  T& operator[](usize i) OSTD_LIFETIMEBOUND { OSTD_CHECK(i < size_ && "Vec index"); return data_[i]; }
  const T& operator[](usize i) const OSTD_LIFETIMEBOUND { OSTD_CHECK(i < size_ && "Vec index"); return data_[i]; }
  T& front() OSTD_LIFETIMEBOUND { return (*this)[0]; }
  const T& front() const OSTD_LIFETIMEBOUND { return (*this)[0]; }
  T& back() OSTD_LIFETIMEBOUND { OSTD_CHECK(size_ != 0 && "Vec is not empty"); return data_[size_ - 1]; }
  const T& back() const OSTD_LIFETIMEBOUND { OSTD_CHECK(size_ != 0 && "Vec is not empty"); return data_[size_ - 1]; }
  std::span<T> items() OSTD_LIFETIMEBOUND { return {data_, size_}; }
  std::span<const T> items() const OSTD_LIFETIMEBOUND { return {data_, size_}; }
  VecIter<T> begin() OSTD_LIFETIMEBOUND { return {data_, data_ + size_}; }
  VecIter<T> end() OSTD_LIFETIMEBOUND { return {data_ + size_, data_ + size_}; }
  VecIter<const T> begin() const OSTD_LIFETIMEBOUND { return {data_, data_ + size_}; }
  VecIter<const T> end() const OSTD_LIFETIMEBOUND { return {data_ + size_, data_ + size_}; }
  // Index of the first element equal to v.
  template <class Q>
  Opt<usize> index_of(const Q& v) const {
    for (usize i = 0; i < size_; ++i)
      if (data_[i] == v) return i;
    return none;
  }
  bool operator==(const Vec& o) const requires std::equality_comparable<T> {
    if (size_ != o.size_) return false;
    for (usize i = 0; i < size_; ++i)
      if (!(data_[i] == o.data_[i])) return false;
    return true;
  }

  void push_back(T v) {
    if (size_ == capacity_) grow(size_ + 1);
    ::new (static_cast<void*>(data_ + size_)) T(std::move(v));
    ++size_;
  }
  T pop_back() {
    OSTD_CHECK(size_ != 0 && "Vec is not empty");
    T v(std::move(data_[size_ - 1]));
    --size_;
    data_[size_].~T();
    return v;
  }
  // Before element i; i == size() appends.
  void insert(usize i, T v) {
    OSTD_CHECK(i <= size_ && "Vec index");
    push_back(std::move(v));
    for (usize j = size_ - 1; j > i; --j) std::swap(data_[j], data_[j - 1]);
  }
  // Keeps the order of the others.
  T remove(usize i) {
    OSTD_CHECK(i < size_ && "Vec index");
    for (usize j = i; j + 1 < size_; ++j) std::swap(data_[j], data_[j + 1]);
    return pop_back();
  }
  // The last element takes its place.
  T swap_remove(usize i) {
    OSTD_CHECK(i < size_ && "Vec index");
    if (i != size_ - 1) std::swap(data_[i], data_[size_ - 1]);
    return pop_back();
  }
  void append(std::span<const T> items) requires std::is_copy_constructible_v<T> {
    const usize n = items.size();
    const T* from = items.data();
    // The span may be of this Vec itself.
    const bool own = n != 0 && size_ != 0 && from >= data_ && from < data_ + size_;
    const usize at = own ? static_cast<usize>(from - data_) : 0;
    if (n > capacity_ - size_) grow_by(n);
    detail::raw_copy(data_ + size_, own ? data_ + at : from, n);
    size_ += n;
  }
  void resize(usize n, const T& value) requires std::is_copy_constructible_v<T> {
    if (n <= size_) return truncate(n);
    const T copy(value);
    if (n > capacity_) grow(n);
    for (; size_ < n; ++size_) ::new (static_cast<void*>(data_ + size_)) T(copy);
  }
  void resize(usize n) requires std::is_default_constructible_v<T> {
    if (n <= size_) return truncate(n);
    if (n > capacity_) grow(n);
    for (; size_ < n; ++size_) ::new (static_cast<void*>(data_ + size_)) T();
  }
  void truncate(usize n) {
    while (size_ > n) {
      --size_;
      data_[size_].~T();
    }
  }
  void reserve(usize n) { if (n > capacity_) move_to(n); }
  // Removes every element for which f(const T&) is true, keeps the order of the others; how many.
  template <class F>
  usize remove_if(OSTD_NOESCAPE F&& f) {
    usize kept = 0;
    for (usize i = 0; i < size_; ++i)
      if (!f(static_cast<const T&>(data_[i]))) {
        if (kept != i) std::swap(data_[kept], data_[i]);
        ++kept;
      }
    const usize gone = size_ - kept;
    truncate(kept);
    return gone;
  }
  // Ascending by less(a, b); heapsort: no memory, not stable.
  template <class F>
  void sort(OSTD_NOESCAPE F&& less) {
    for (usize n = size_ / 2; n != 0; --n) sift_down(n - 1, size_, less);
    for (usize left = size_; left > 1; --left) {
      const usize n = left - 1;
      std::swap(data_[0], data_[n]);
      sift_down(0, n, less);
    }
  }
  // Gives the storage back too.
  void clear() { Vec old(std::move(*this)); }

 private:
  template <class, usize> friend class Vec;
  template <class F>
  void sift_down(usize i, usize n, F& less) {
    for (usize child = 2 * i + 1; child < n; child = 2 * i + 1) {
      if (child + 1 < n && less(static_cast<const T&>(data_[child]), static_cast<const T&>(data_[child + 1]))) ++child;
      if (!less(static_cast<const T&>(data_[i]), static_cast<const T&>(data_[child]))) return;
      std::swap(data_[i], data_[child]);
      i = child;
    }
  }
  bool is_inline() const { if constexpr (N != 0) return data_ == room_.data(); else return false; }
  void reset() {
    if constexpr (N != 0) data_ = room_.data(); else data_ = nullptr;
    size_ = 0;
    capacity_ = N;
  }
  // Requires: this has no elements and no storage.
  void take(Vec& o) {
    if (o.is_inline()) {
      detail::raw_relocate(data_, o.data_, o.size_);
      size_ = o.size_;
      o.size_ = 0;
    } else {
      data_ = o.data_;
      size_ = o.size_;
      capacity_ = o.capacity_;
      o.reset();
    }
  }
  void drop_all() {
    truncate(0);
    if (!is_inline()) detail::raw_free(data_);
  }
  void grow_by(usize more) {
    OSTD_CHECK(more <= SIZE_MAX / 2 - size_ && "container size");
    grow(size_ + more);
  }
  void grow(usize needed) {
    usize c = capacity_ < 4 ? 4 : capacity_ * 2;
    move_to(c < needed ? needed : c);
  }
  void move_to(usize capacity) {
    T* fresh = detail::raw_allocate<T>(capacity);
    detail::raw_relocate(fresh, data_, size_);
    if (!is_inline()) detail::raw_free(data_);
    data_ = fresh;
    capacity_ = capacity;
  }
  T* data_ = nullptr;
  usize size_ = 0;
  usize capacity_ = N;
  [[no_unique_address]] detail::InlineRoom<T, N> room_;
};

}  // namespace ostd
