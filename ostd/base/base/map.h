// SPDX-License-Identifier: MPL-2.0
// Map<K, V>: ordered by operator< of K, O(log n), one small allocation an entry. Hands out no iterators: entries are read as
// copies or inside a callback, and walked by key. A callback that borrows an entry must not change the map (checked where the
// borrow is mutable). Moved-from: empty.
// each(), copying, clear() and remove_if are O(n). A new entry draws one block on the reservation; nothing else needs memory but copies.
// Traps: changing the map inside a callback that borrows mutably.
#pragma once
#include <base/annotations.h>
#include <base/key.h>
#include <base/opt.h>
#include <base/tree.h>
#include <base/types.h>
#include <base/walk.h>
#include <type_traits>
#include <utility>

namespace ostd {

template <class K, class V>
struct MapEntry {
  K key;
  V value;
};

template <class K, class V>
class OSTD_OWNED Map {
  using Arg = KeyArg<K>;
  struct Node;

 public:
  // An entry outside of maps: it goes into one, and from one into another, without memory. Moved-from: empty.
  class OSTD_OWNED Loose {
   public:
    Loose() = default;
    Loose(K k, V v) : node_(new Node(std::move(k), std::move(v))) {}
    Loose(Loose&& o) noexcept : node_(std::exchange(o.node_, nullptr)) {}
    Loose& operator=(Loose&& o) noexcept {
      Loose old(std::move(*this));
      node_ = std::exchange(o.node_, nullptr);
      return *this;
    }
    ~Loose() { delete node_; }
    bool empty() const { return node_ == nullptr; }

   private:
    friend class Map;
    Node* node_ = nullptr;
  };

  Map() = default;
  Map(Map&& o) noexcept { take(o); }
  Map(const Map& o) requires(std::is_copy_constructible_v<K> && std::is_copy_constructible_v<V>) : Map() {
    o.each([&](const K& k, const V& v) { insert(k, v); });
  }
  Map& operator=(Map&& o) noexcept {
    if (this != &o) {
      Map old(std::move(*this));
      take(o);
    }
    return *this;
  }
  Map& operator=(const Map& o) requires(std::is_copy_constructible_v<K> && std::is_copy_constructible_v<V>) {
    if (this != &o) { Map copy(o); *this = std::move(copy); }
    return *this;
  }
  ~Map() { destroy(detail::tree_to_list(root_)); }

  usize size() const { return size_; }
  bool empty() const { return size_ == 0; }
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
    OSTD_UNFILLED detail::TreePath path = place(k);
    if (path.node() != nullptr) return false;
    add(path, std::move(k), std::move(v));
    return true;
  }
  // False: it is empty or its key was there; nothing has changed.
  bool insert(Loose& e) {
    if (e.empty()) return false;
    OSTD_UNFILLED detail::TreePath path = place(e.node_->key);
    if (path.node() != nullptr) return false;
    path.link(std::exchange(e.node_, nullptr));
    ++size_;
    return true;
  }
  // Takes the entry of k out; empty: there is none.
  Loose extract(Arg k) {
    OSTD_UNFILLED detail::TreePath path = place(k);
    Loose e;
    if (path.node() == nullptr) return e;
    e.node_ = entry(path.unlink());
    --size_;
    return e;
  }
  // The value that was replaced.
  Opt<V> put(K k, V v) {
    OSTD_UNFILLED detail::TreePath path = place(k);
    if (Node* n = entry(path.node()); n != nullptr) {
      Opt<V> old(std::move(n->value));
      n->value = std::move(v);
      return old;
    }
    add(path, std::move(k), std::move(v));
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
    OSTD_UNFILLED detail::TreePath path = place(k);
    if (path.node() == nullptr) return none;
    return Opt<V>(std::move(take_out(path).value));
  }
  // The entry with the smallest key.
  Opt<MapEntry<K, V>> pop_first() {
    if (root_ == nullptr) return none;
    pins_.check();
    OSTD_UNFILLED detail::TreePath path(root_);
    while (path.node()->child[0] != nullptr) path.down(0);
    return take_out(path);
  }
  // Removes the entries for which f(const K&, V&) is true; how many.
  template <class F>
  usize remove_if(OSTD_NOESCAPE F&& f) {
    usize gone = 0;
    {
      detail::Pins::Hold hold(pins_);
      for (OSTD_UNFILLED detail::TreeWalk w(root_); detail::TreeNode* n = w.next();) {
        Node* e = entry(n);
        n->doomed = f(static_cast<const K&>(e->key), e->value);
        gone += n->doomed ? 1 : 0;
      }
    }
    if (gone == 0) return 0;
    pins_.check();
    detail::TreeNode* kept = nullptr;
    detail::TreeNode* doomed = nullptr;
    detail::TreeNode** kept_end = &kept;
    for (detail::TreeNode* n = detail::tree_to_list(root_); n != nullptr;) {
      detail::TreeNode* next = n->child[1];
      if (n->doomed) {
        n->child[1] = doomed;
        doomed = n;
      } else {
        *kept_end = n;
        kept_end = &n->child[1];
      }
      n = next;
    }
    *kept_end = nullptr;
    size_ -= gone;
    root_ = detail::tree_from_list(kept, size_);
    destroy(doomed);
    return gone;
  }
  void clear() { Map old(std::move(*this)); }

  Opt<K> first_key() const { return end_key(0); }
  Opt<K> last_key() const { return end_key(1); }
  Opt<K> lower_bound(Arg k) const { return nearest(k, 1, true); }   // smallest >= k
  Opt<K> upper_bound(Arg k) const { return nearest(k, 1, false); }  // smallest > k
  Opt<K> floor(Arg k) const { return nearest(k, 0, true); }         // largest <= k
  Opt<K> below(Arg k) const { return nearest(k, 0, false); }        // largest < k

  // f(const K&, V&) in order; f returns nothing or Walk.
  template <class F>
  void each(OSTD_NOESCAPE F&& f) {
    detail::Pins::Hold hold(pins_);
    walk<V&>(detail::TreeWalk(root_), f);
  }
  template <class F>
  void each(OSTD_NOESCAPE F&& f) const { walk<const V&>(detail::TreeWalk(root_), f); }
  // The same from the smallest key >= k on.
  template <class F>
  void each_from(Arg k, OSTD_NOESCAPE F&& f) {
    detail::Pins::Hold hold(pins_);
    walk<V&>(start_at(k), f);
  }
  template <class F>
  void each_from(Arg k, OSTD_NOESCAPE F&& f) const { walk<const V&>(start_at(k), f); }

 private:
  struct Node : detail::TreeNode {
    Node(K k, V v) : key(std::move(k)), value(std::move(v)) {}
    K key;
    V value;
  };
  // SAFETY: every TreeNode of this tree was made as a Node by add().
  static Node* entry(detail::TreeNode* n) { return static_cast<Node*>(n); }

  Node* find(Arg k) const {
    detail::TreeNode* n = root_;
    while (n != nullptr) {
      Node* e = entry(n);
      if (k < e->key) n = n->child[0];
      else if (e->key < k) n = n->child[1];
      else return e;
    }
    return nullptr;
  }
  detail::TreePath place(Arg k) {
    pins_.check();
    OSTD_UNFILLED detail::TreePath path(root_);
    while (detail::TreeNode* n = path.node()) {
      if (k < entry(n)->key) path.down(0);
      else if (entry(n)->key < k) path.down(1);
      else break;
    }
    return path;
  }
  void add(detail::TreePath& path, K k, V v) {
    path.link(new Node(std::move(k), std::move(v)));
    ++size_;
  }
  MapEntry<K, V> take_out(detail::TreePath& path) {
    Node* n = entry(path.unlink());
    --size_;
    MapEntry<K, V> e{std::move(n->key), std::move(n->value)};
    delete n;
    return e;
  }
  Opt<K> end_key(u32 side) const {
    detail::TreeNode* n = root_;
    if (n == nullptr) return none;
    while (n->child[side] != nullptr) n = n->child[side];
    return entry(n)->key;
  }
  // side 1: the smallest key above k; 0: the largest below. equal: k itself counts.
  Opt<K> nearest(Arg k, u32 side, bool equal) const {
    const Node* best = nullptr;
    for (detail::TreeNode* n = root_; n != nullptr;) {
      const Node* e = entry(n);
      const bool under = e->key < k, over = k < e->key;
      if (!under && !over && equal) return e->key;
      if (side == 1 ? over : under) {
        best = e;
        n = n->child[1 - side];
      } else {
        n = n->child[side];
      }
    }
    return best != nullptr ? Opt<K>(best->key) : Opt<K>();
  }
  detail::TreeWalk start_at(Arg k) const {
    OSTD_UNFILLED detail::TreeWalk w;
    for (detail::TreeNode* n = root_; n != nullptr;) {
      if (entry(n)->key < k) {
        n = n->child[1];
      } else {
        w.push(n);
        n = n->child[0];
      }
    }
    return w;
  }
  template <class Value, class F>
  static void walk(detail::TreeWalk w, F& f) {
    while (detail::TreeNode* n = w.next()) {
      Node* e = entry(n);
      if (!detail::walk_call(f, static_cast<const K&>(e->key), static_cast<Value>(e->value))) return;
    }
  }
  static void destroy(detail::TreeNode* list) {
    while (list != nullptr) {
      Node* n = entry(list);
      list = list->child[1];
      delete n;
    }
  }
  void take(Map& o) {
    pins_.check();
    o.pins_.check();
    root_ = std::exchange(o.root_, nullptr);
    size_ = std::exchange(o.size_, 0);
  }
  detail::TreeNode* root_ = nullptr;
  usize size_ = 0;
  detail::Pins pins_;
};

// An ordered set.
template <class K>
class OSTD_OWNED Set {
  using Arg = KeyArg<K>;

 public:
  usize size() const { return map_.size(); }
  bool empty() const { return map_.empty(); }
  bool contains(Arg k) const { return map_.contains(k); }
  bool insert(K k) { return map_.insert(std::move(k), Unit{}); }  // false: it was there
  bool remove(Arg k) { return map_.remove(k).has_value(); }        // false: it was not there
  void clear() { map_.clear(); }
  Opt<K> first() const { return map_.first_key(); }
  Opt<K> last() const { return map_.last_key(); }
  Opt<K> lower_bound(Arg k) const { return map_.lower_bound(k); }
  Opt<K> upper_bound(Arg k) const { return map_.upper_bound(k); }
  Opt<K> floor(Arg k) const { return map_.floor(k); }
  Opt<K> below(Arg k) const { return map_.below(k); }
  template <class F>
  void each(OSTD_NOESCAPE F&& f) const {
    map_.each([&](const K& k, const Unit&) { return f(k); });
  }

 private:
  struct Unit {};
  Map<K, Unit> map_;
};

}  // namespace ostd
