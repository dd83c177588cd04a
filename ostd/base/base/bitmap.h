// SPDX-License-Identifier: MPL-2.0
// Bitmap: a set of small numbers (descriptors, ids, blocks). Moved-from: no bits.
// Single bits are O(1), searches and resize() O(size / 64), ranges O(bits). resize() grows like Vec and draws on the reservation as it
// does; nothing else but copies needs memory. Traps: an index not below size() (searches may start anywhere).
#pragma once
#include <base/annotations.h>
#include <base/opt.h>
#include <base/trap.h>
#include <base/types.h>
#include <base/vec.h>
#include <bit>

namespace ostd {

class OSTD_OWNED Bitmap {
 public:
  Bitmap() = default;
  explicit Bitmap(usize bits) { resize(bits); }
  Bitmap(const Bitmap&) = default;
  Bitmap& operator=(const Bitmap&) = default;
  Bitmap(Bitmap&& o) noexcept : words_(std::move(o.words_)), size_(std::exchange(o.size_, 0)), count_(std::exchange(o.count_, 0)) {}
  Bitmap& operator=(Bitmap&& o) noexcept {
    if (this != &o) {
      words_ = std::move(o.words_);
      size_ = std::exchange(o.size_, 0);
      count_ = std::exchange(o.count_, 0);
    }
    return *this;
  }

  usize size() const { return size_; }
  usize count() const { return count_; }  // bits that are set
  bool test(usize i) const { check(i); return (words_[i / 64] >> (i % 64) & 1) != 0; }
  // Both return whether the bit was set before.
  bool set(usize i) {
    check(i);
    const bool was = test(i);
    words_[i / 64] |= 1ULL << (i % 64);
    count_ += was ? 0 : 1;
    return was;
  }
  bool clear(usize i) {
    check(i);
    const bool was = test(i);
    words_[i / 64] &= ~(1ULL << (i % 64));
    count_ -= was ? 1 : 0;
    return was;
  }
  void set_range(usize begin, usize n) { for (usize i = 0; i < n; ++i) set(begin + i); }
  void clear_range(usize begin, usize n) { for (usize i = 0; i < n; ++i) clear(begin + i); }
  void clear_all() { for (u64& w : words_) w = 0; count_ = 0; }
  // New bits are clear.
  void resize(usize bits) {
    for (usize i = bits; i < size_ && i < (bits + 63) / 64 * 64; ++i) clear(i);
    words_.resize(bits / 64 + (bits % 64 != 0 ? 1 : 0));
    size_ = bits;
    count_ = 0;
    for (u64 w : words_) count_ += static_cast<usize>(std::popcount(w));
  }
  // The first at or after `from`; nothing when there is none below size().
  Opt<usize> first_set_from(usize from) const { return find(from, 0); }
  Opt<usize> first_zero_from(usize from) const { return find(from, ~0ULL); }
  Opt<usize> find_first_zero() const { return first_zero_from(0); }
  Opt<usize> find_first_set() const { return first_set_from(0); }
  Opt<usize> last_set() const {
    for (usize i = words_.size(); i != 0; --i)
      if (words_[i - 1] != 0) return i * 64 - 1 - static_cast<usize>(std::countl_zero(words_[i - 1]));
    return none;
  }
  // The first n clear bits in a row at or after `from`.
  Opt<usize> zero_run_from(usize from, usize n) const {
    for (Opt<usize> at = first_zero_from(from); at.has_value(); at = first_zero_from(*at)) {
      if (n > size_ - *at) return none;
      const Opt<usize> next = first_set_from(*at);
      if (!next.has_value() || *next - *at >= n) return at;
      at = next;
    }
    return none;
  }

 private:
  void check(usize i) const { OSTD_CHECK(i < size_ && "Bitmap index"); }
  // flip turns the bits looked for into ones.
  Opt<usize> find(usize from, u64 flip) const {
    if (from >= size_) return none;
    u64 w = (words_[from / 64] ^ flip) & ~((1ULL << (from % 64)) - 1);
    for (usize i = from / 64;; w = words_[i] ^ flip) {
      if (w != 0) {
        const usize bit = i * 64 + static_cast<usize>(std::countr_zero(w));
        return bit < size_ ? Opt<usize>(bit) : Opt<usize>();
      }
      if (++i == words_.size()) return none;
    }
  }
  Vec<u64> words_;
  usize size_ = 0;
  usize count_ = 0;
};

}  // namespace ostd
