// SPDX-License-Identifier: MPL-2.0
// HashMap<K, V>: like Map without the order, O(1). Linear hashing: each insertion splits at most one chain and the table grows
// by small segments, which a tree of small nodes finds, so no insertion pays for a whole rehash or for a long block. It shrinks with
// its entries, so that a table of few entries is small whatever it once held. Keyed hash (hash.h). The same rules for callbacks as Map.
// each(), copying, clear() and remove_if are O(n). A new entry draws one block on the reservation, and one time in 32 a segment of 256
// bytes with up to one tree node of 512 bytes a level. Moved-from: empty.
// Reference: W. Litwin, "Linear hashing: a new tool for file and table addressing", 1980.
#pragma once
#include <base/annotations.h>
#include <base/hash.h>
#include <base/key.h>
#include <base/opt.h>
#include <base/own.h>
#include <base/types.h>
#include <base/walk.h>
#include <bit>
#include <type_traits>
#include <utility>

namespace ostd {

template <class K, class V>
class OSTD_OWNED HashMap {
  using Arg = KeyArg<K>;

 public:
  HashMap() : seed_(hash_seed()) {}
  explicit HashMap(u64 seed) : seed_(seed) {}
  HashMap(HashMap&& o) noexcept { take(o); }
  HashMap(const HashMap& o) requires(std::is_copy_constructible_v<K> && std::is_copy_constructible_v<V>) : HashMap(o.seed_) {
    o.each([&](const K& k, const V& v) { insert(k, v); });
  }
  HashMap& operator=(HashMap&& o) noexcept {
    if (this != &o) {
      HashMap old(std::move(*this));
      take(o);
    }
    return *this;
  }
  HashMap& operator=(const HashMap& o) requires(std::is_copy_constructible_v<K> && std::is_copy_constructible_v<V>) {
    if (this != &o) { HashMap copy(o); *this = std::move(copy); }
    return *this;
  }
  ~HashMap() {
    for (usize b = 0; b < buckets_; ++b) destroy(chain(b));
    while (levels_ != 0) drop_segment(segments() - 1);
  }

  usize size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Chains it has room for: not above four times its entries, or 32.
  usize capacity() const { return segments() * kSegment; }
  bool contains(Arg k) const { return find(k) != nullptr; }
  Opt<V> get(Arg k) const requires std::is_copy_constructible_v<V> {
    const Node* n = find(k);
    return n != nullptr ? Opt<V>(n->value) : Opt<V>();
  }
  // f(V&) on the entry of k; false: there is none.
  template <class F>
  bool with(Arg k, OSTD_NOESCAPE F&& f) {
    Node* n = find(k);
    if (n == nullptr) return false;
    detail::Pins::Hold hold(pins_);
    f(n->value);
    return true;
  }
  template <class F>
  bool with(Arg k, OSTD_NOESCAPE F&& f) const {
    const Node* n = find(k);
    if (n == nullptr) return false;
    f(static_cast<const V&>(n->value));
    return true;
  }
  template <class F>
  bool update(Arg k, OSTD_NOESCAPE F&& f) { return with(k, f); }

  // False: k was there, nothing has changed.
  bool insert(K k, V v) {
    pins_.check();
    if (contains(k)) return false;
    add(std::move(k), std::move(v));
    return true;
  }
  // The value that was replaced.
  Opt<V> put(K k, V v) {
    pins_.check();
    if (Node* n = find(k); n != nullptr) {
      Opt<V> old(std::move(n->value));
      n->value = std::move(v);
      return old;
    }
    add(std::move(k), std::move(v));
    return none;
  }
  // f(V&) on the entry of k, which first becomes make() if there is none; true: it was made.
  template <class M, class F>
  bool with_or_insert(K k, OSTD_NOESCAPE M&& make, OSTD_NOESCAPE F&& f) {
    const bool made = !contains(k) && insert(k, make());
    (void)with(k, f);
    return made;
  }
  Opt<V> remove(Arg k) {
    pins_.check();
    if (size_ == 0) return none;
    const u64 h = hash_of(k, seed_);
    for (Node** link = &chain(bucket_of(h)); *link != nullptr; link = &(*link)->next) {
      Node* n = *link;
      if (n->hash != h || !(n->key == k)) continue;
      *link = n->next;
      --size_;
      // Four chains: as many as an entry less allows, so that the table keeps up with its entries.
      for (u32 i = 0; i != 4; ++i) shrink();
      Opt<V> v(std::move(n->value));
      delete n;
      return v;
    }
    return none;
  }
  // Removes the entries for which f(const K&, V&) is true; how many.
  template <class F>
  usize remove_if(OSTD_NOESCAPE F&& f) {
    pins_.check();
    Node* doomed = nullptr;
    usize gone = 0;
    {
      detail::Pins::Hold hold(pins_);
      for (usize b = 0; b < buckets_; ++b)
        for (Node** link = &chain(b); *link != nullptr;) {
          Node* n = *link;
          if (f(static_cast<const K&>(n->key), n->value)) {
            *link = n->next;
            n->next = doomed;
            doomed = n;
            ++gone;
            --size_;
          } else {
            link = &n->next;
          }
        }
    }
    while (buckets_ > kSegment && 4 * size_ < buckets_) shrink();
    destroy(doomed);
    return gone;
  }
  void clear() { HashMap old(std::move(*this)); }

  // f(const K&, V&) in no order; f returns nothing or Walk.
  template <class F>
  void each(OSTD_NOESCAPE F&& f) {
    detail::Pins::Hold hold(pins_);
    walk<V&>(f);
  }
  template <class F>
  void each(OSTD_NOESCAPE F&& f) const { walk<const V&>(f); }

 private:
  struct Node {
    Node(K k, V v, u64 h) : key(std::move(k)), value(std::move(v)), hash(h) {}
    K key;
    V value;
    u64 hash;
    Node* next = nullptr;
  };
  static constexpr usize kSegment = 32;
  static constexpr u32 kFanBits = 6;
  static constexpr usize kFan = 1 << kFanBits;
  struct Segment {
    Node* chains[kSegment] = {};
  };
  // SAFETY (invariant): with levels_ == l the root is at height l; below height 1 are Segments, above it Indexes.
  union Child;
  struct Index;
  union Child {
    Index* index = nullptr;
    Segment* segment;
  };
  struct Index {
    Child children[kFan] = {};
  };

  usize segments() const { return (buckets_ + kSegment - 1) / kSegment; }
  // Segments that a tree of that many levels holds.
  static usize capacity(u32 levels) { return levels == 0 ? 0 : usize{1} << (kFanBits * (levels - 1)); }
  Segment& segment(usize n) const {
    Child at = root_;
    for (u32 l = levels_ - 1; l != 0; --l) at = at.index->children[n >> (kFanBits * (l - 1)) & (kFan - 1)];
    return *at.segment;
  }
  Node*& chain(usize b) { return segment(b / kSegment).chains[b % kSegment]; }
  Node* chain(usize b) const { return segment(b / kSegment).chains[b % kSegment]; }
  // Makes segment n, the next one: one segment and at most one Index for each level.
  void add_segment(usize n) {
    Own<Segment> fresh = make_own<Segment>();
    if (n == capacity(levels_)) {
      if (levels_ != 0) {
        auto* top = new Index;
        top->children[0] = root_;
        root_.index = top;
      }
      ++levels_;
    }
    Child* at = &root_;
    for (u32 l = levels_ - 1; l != 0; --l) {
      if (at->index == nullptr) at->index = new Index;
      at = &at->index->children[n >> (kFanBits * (l - 1)) & (kFan - 1)];
    }
    at->segment = fresh.release();
  }
  // Takes away segment n, the last one, and what of the tree only led to it.
  void drop_segment(usize n) {
    Child* path[12] = {};
    Child* at = &root_;
    for (u32 l = levels_ - 1; l != 0; --l) {
      path[l] = at;
      at = &at->index->children[n >> (kFanBits * (l - 1)) & (kFan - 1)];
    }
    delete at->segment;
    at->segment = nullptr;
    for (u32 l = 1; l < levels_ && (n & ((usize{1} << (kFanBits * l)) - 1)) == 0; ++l) {
      delete path[l]->index;
      path[l]->index = nullptr;
    }
    buckets_ = n * kSegment;
    while (levels_ != 0 && n <= capacity(levels_ - 1)) {
      if (--levels_ == 0) break;
      // All that is left is below the first child.
      Index* top = root_.index;
      root_ = top->children[0];
      delete top;
    }
  }
  // With 2^(l-1) < buckets_ <= 2^l: the low l bits of the hash, or l-1 bits while that bucket is not split off yet.
  usize bucket_of(u64 h) const {
    const usize top = std::bit_ceil(buckets_);
    const usize b = h & (top - 1);
    return b < buckets_ ? b : h & (top / 2 - 1);
  }
  Node* find(Arg k) const {
    if (size_ == 0) return nullptr;
    const u64 h = hash_of(k, seed_);
    for (Node* n = chain(bucket_of(h)); n != nullptr; n = n->next)
      if (n->hash == h && n->key == k) return n;
    return nullptr;
  }
  void add(K k, V v) {
    grow();
    const u64 h = hash_of(static_cast<Arg>(k), seed_);
    Node* n = new Node(std::move(k), std::move(v), h);
    Node*& head = chain(bucket_of(h));
    n->next = head;
    head = n;
    ++size_;
  }
  // Splits one chain when there are more entries than chains.
  void grow() {
    if (buckets_ == 0) {
      add_segment(0);
      buckets_ = kSegment;
    }
    if (size_ < buckets_) return;
    if (buckets_ % kSegment == 0) add_segment(buckets_ / kSegment);
    const usize fresh = buckets_++;
    // The chain that held what now belongs to `fresh` too.
    const usize from = fresh - std::bit_ceil(buckets_) / 2;
    Node* n = std::exchange(chain(from), nullptr);
    while (n != nullptr) {
      Node* next = n->next;
      Node*& to = chain(bucket_of(n->hash));
      n->next = to;
      to = n;
      n = next;
    }
  }
  // Joins the last chain with the one it was split from when there are few entries.
  void shrink() {
    if (buckets_ <= kSegment || 4 * size_ >= buckets_) return;
    const usize last = buckets_ - 1;
    const usize to = last - std::bit_ceil(buckets_) / 2;
    Node* n = std::exchange(chain(last), nullptr);
    while (n != nullptr) {
      Node* next = n->next;
      n->next = chain(to);
      chain(to) = n;
      n = next;
    }
    --buckets_;
    if (buckets_ % kSegment == 0) drop_segment(buckets_ / kSegment);
  }
  template <class Value, class F>
  void walk(F& f) const {
    for (usize b = 0; b < buckets_; ++b)
      for (Node* n = chain(b); n != nullptr; n = n->next)
        if (!detail::walk_call(f, static_cast<const K&>(n->key), static_cast<Value>(n->value))) return;
  }
  static void destroy(Node* n) {
    while (n != nullptr) {
      Node* next = n->next;
      delete n;
      n = next;
    }
  }
  void take(HashMap& o) {
    pins_.check();
    o.pins_.check();
    root_ = std::exchange(o.root_, Child{});
    levels_ = std::exchange(o.levels_, 0);
    buckets_ = std::exchange(o.buckets_, 0);
    size_ = std::exchange(o.size_, 0);
    seed_ = o.seed_;
  }
  Child root_;
  u32 levels_ = 0;  // 1: the root is the only segment; 0: there is none
  usize buckets_ = 0;
  usize size_ = 0;
  u64 seed_ = 0;
  detail::Pins pins_;
};

}  // namespace ostd
