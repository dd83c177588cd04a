// SPDX-License-Identifier: MPL-2.0
// Keyed hashing for HashMap: SipHash-1-3, so that user programs cannot choose names that collide. A type is hashable if it
// has an overload `void hash_append(Hasher&, const T&)` (integers, enums, strings and Strong types have one); keys that compare
// equal across types (String and string_view) must append the same.
// Reference: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012.
#pragma once
#include <base/atomic.h>
#include <base/checked.h>
#include <base/static_str.h>
#include <base/string.h>
#include <base/types.h>
#include <bit>
#include <concepts>
#include <string_view>
#include <type_traits>

namespace ostd {

class Hasher {
 public:
  explicit Hasher(u64 seed)
      : v0_(seed ^ 0x736f6d6570736575ULL), v1_(std::rotl(seed, 32) ^ 0x646f72616e646f6dULL),
        v2_(seed ^ 0x6c7967656e657261ULL), v3_(std::rotl(seed, 32) ^ 0x7465646279746573ULL) {}
  void add(u64 word) {
    v3_ ^= word;
    round();
    v0_ ^= word;
  }
  // The length takes part, so that neighbouring strings do not run into each other.
  void add(std::string_view s) {
    usize at = 0;
    for (; s.size() - at >= 8; at += 8) {
      u64 w = 0;
      __builtin_memcpy(&w, s.data() + at, 8);
      add(w);
    }
    u64 last = 0;
    if (at < s.size()) __builtin_memcpy(&last, s.data() + at, s.size() - at);
    add(last | (u64{s.size() & 0xff} << 56));
  }
  u64 finish() const {
    Hasher h(*this);
    h.v2_ ^= 0xff;
    h.round();
    h.round();
    h.round();
    return h.v0_ ^ h.v1_ ^ h.v2_ ^ h.v3_;
  }

 private:
  void round() {
    v0_ = wrapping_add(v0_, v1_); v1_ = std::rotl(v1_, 13); v1_ ^= v0_; v0_ = std::rotl(v0_, 32);
    v2_ = wrapping_add(v2_, v3_); v3_ = std::rotl(v3_, 16); v3_ ^= v2_;
    v0_ = wrapping_add(v0_, v3_); v3_ = std::rotl(v3_, 21); v3_ ^= v0_;
    v2_ = wrapping_add(v2_, v1_); v1_ = std::rotl(v1_, 17); v1_ ^= v2_; v2_ = std::rotl(v2_, 32);
  }
  u64 v0_, v1_, v2_, v3_;
};

template <class T>
  requires(std::integral<T> || std::is_enum_v<T>)
void hash_append(Hasher& h, const T& v) { h.add(low_bits<u64>(static_cast<i64>(v))); }
inline void hash_append(Hasher& h, std::string_view s) { h.add(s); }
inline void hash_append(Hasher& h, const String& s) { h.add(s.view()); }
inline void hash_append(Hasher& h, const StaticStr& s) { h.add(s.view()); }
template <class Tag>
void hash_append(Hasher& h, const Strong<Tag>& v) { h.add(v.value); }

template <class T>
concept Hashable = requires(Hasher& h, const T& v) { hash_append(h, v); };

template <Hashable T>
u64 hash_of(const T& v, u64 seed) {
  Hasher h(seed);
  hash_append(h, v);
  return h.finish();
}

namespace detail {
inline constinit Atomic<u64> hash_seed_word{0x9e37'79b9'7f4a'7c15};
}  // namespace detail
// What new maps are seeded with; each keeps its own copy.
inline u64 hash_seed() { return detail::hash_seed_word.load(Order::relaxed); }
// Called once by ostd at start with random bits. Maps made earlier keep working.
OSTD_UNSAFE inline void set_hash_seed(u64 seed) { detail::hash_seed_word.store(seed, Order::relaxed); }

}  // namespace ostd
