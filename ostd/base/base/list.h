// SPDX-License-Identifier: MPL-2.0
// List<T, Tag>: an owning list of shared objects whose links sit in the objects: linking keeps the object alive, unlinking is
// O(1). T derives from ListNode<Tag> for each kind of list it can be in, and is in at most one list of a kind at a time.
// The list itself is protected by its holder's lock. Two lists under different locks may be offered the same object at the
// same time: the node's owner word decides, and only the list that owns a node touches its links.
// Moved-from: empty. Moving, each() and remove_if are O(n), all else O(1). Nothing needs memory.
// Traps: insert_before an object that is elsewhere, changing the list inside a callback of a mutable each() or of remove_if.
#pragma once
#include <base/annotations.h>
#include <base/atomic.h>
#include <base/opt.h>
#include <base/own.h>
#include <base/types.h>
#include <base/walk.h>
#include <type_traits>
#include <utility>

namespace ostd {

struct DefaultList {};
template <class T, class Tag> class List;

template <class Tag = DefaultList>
class OSTD_OWNED ListNode {
 public:
  ListNode() = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;
  // A hint unless the caller holds the list's lock.
  bool linked() const { return owner_.load(Order::relaxed) != 0; }

 private:
  template <class, class> friend class List;
  Atomic<u64> owner_{0};  // address of the list it is in
  mutable const ListNode* next_ = nullptr;
  mutable const ListNode* prev_ = nullptr;
};

template <class T, class Tag = DefaultList>
class OSTD_OWNED List {
  using Node = ListNode<Tag>;

 public:
  List() = default;
  List(List&& o) noexcept { take(o); }
  List& operator=(List&& o) noexcept {
    if (this != &o) {
      List old(std::move(*this));
      take(o);
    }
    return *this;
  }
  List(const List&) = delete;
  ~List() { while (pop_front().has_value()) {} }

  usize size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool contains(const T& o) const { return owns(node(o)); }
  // False: the object is in a list of this kind already; nothing has changed.
  bool push_back(Ref<T> o) { return link(o, nullptr); }
  bool push_front(Ref<T> o) { return link(o, first_); }
  // Before `at`, which must be in this list (checked).
  bool insert_before(const T& at, Ref<T> o) {
    OSTD_CHECK(contains(at) && "position is in the list");
    return link(o, &node(at));
  }
  Opt<Ref<T>> front() const { return ref(first_); }
  Opt<Ref<T>> back() const { return ref(last_); }
  // The neighbours of an object of this list; nothing at the ends, or when it is not in this list.
  Opt<Ref<T>> after(const T& o) const { return owns(node(o)) ? ref(node(o).next_) : Opt<Ref<T>>(); }
  Opt<Ref<T>> before(const T& o) const { return owns(node(o)) ? ref(node(o).prev_) : Opt<Ref<T>>(); }
  Opt<Ref<T>> pop_front() { return unlink(first_); }
  Opt<Ref<T>> pop_back() { return unlink(last_); }
  // Takes it out; nothing when it is not in this list. The caller may drop the Ref outside its lock.
  Opt<Ref<T>> remove(const T& o) { return owns(node(o)) ? unlink(&node(o)) : Opt<Ref<T>>(); }
  // False: it is not in this list.
  bool move_to_back(const T& o) {
    Opt<Ref<T>> r = remove(o);
    return r.has_value() && push_back(std::move(r).value());
  }
  bool move_to_front(const T& o) {
    Opt<Ref<T>> r = remove(o);
    return r.has_value() && push_front(std::move(r).value());
  }
  // Takes out the objects for which f(const T&) is true; how many. f must not change the list.
  template <class F>
  usize remove_if(OSTD_NOESCAPE F&& f) {
    List doomed;
    usize gone = 0;
    for (const Node* n = first_; n != nullptr;) {
      const Node* next = n->next_;
      bool take_it = false;
      {
        detail::Pins::Hold hold(pins_);
        take_it = f(object(n));
      }
      if (take_it) {
        ++gone;
        (void)doomed.push_back(unlink(n).value());
      }
      n = next;
    }
    return gone;
  }
  void clear() { List old(std::move(*this)); }
  // f(const T&), which must not change the list; returns nothing or Walk.
  template <class F>
  void each(OSTD_NOESCAPE F&& f) {
    detail::Pins::Hold hold(pins_);
    for (const Node* n = first_; n != nullptr && detail::walk_call(f, object(n)); n = n->next_) {}
  }
  template <class F>
  void each(OSTD_NOESCAPE F&& f) const {
    for (const Node* n = first_; n != nullptr && detail::walk_call(f, object(n)); n = n->next_) {}
  }

 private:
  static const Node& node(const T& o) { return o; }
  // SAFETY: only objects of type T are linked into a List<T, Tag>.
  static const T& object(const Node* n) { return static_cast<const T&>(*n); }
  // SAFETY: an address, only compared.
  u64 self() const { return reinterpret_cast<u64>(this); }
  // Acquire: pairs with the release in unlink(), so the links of the former list are not seen any more.
  bool owns(const Node& n) const { return n.owner_.load(Order::acquire) == self(); }
  static Opt<Ref<T>> ref(const Node* n) {
    if (n == nullptr) return none;
    detail::RefAccess::retain(object(n));
    return Opt<Ref<T>>(detail::RefAccess::adopt(&object(n)));
  }
  // Before `next`, or at the end.
  bool link(const Ref<T>& o, const Node* next) {
    pins_.check();
    const Node& n = node(*o);
    u64 nobody = 0;
    if (!n.owner_.compare_exchange(nobody, self(), Order::acq_rel)) return false;
    detail::RefAccess::retain(*o);  // SAFETY: given back by unlink()
    n.next_ = next;
    n.prev_ = next != nullptr ? next->prev_ : last_;
    (n.prev_ != nullptr ? n.prev_->next_ : first_) = &n;
    (next != nullptr ? next->prev_ : last_) = &n;
    ++size_;
    return true;
  }
  Opt<Ref<T>> unlink(const Node* n) {
    if (n == nullptr) return none;
    pins_.check();
    (n->prev_ != nullptr ? n->prev_->next_ : first_) = n->next_;
    (n->next_ != nullptr ? n->next_->prev_ : last_) = n->prev_;
    n->next_ = n->prev_ = nullptr;
    --size_;
    // SAFETY: takes over the reference that link() retained.
    Opt<Ref<T>> r(detail::RefAccess::adopt(&object(n)));
    n->owner_.store(0, Order::release);
    return r;
  }
  // Requires: this is empty.
  void take(List& o) {
    o.pins_.check();
    pins_.check();
    for (const Node* n = o.first_; n != nullptr; n = n->next_) n->owner_.store(self(), Order::release);
    first_ = std::exchange(o.first_, nullptr);
    last_ = std::exchange(o.last_, nullptr);
    size_ = std::exchange(o.size_, 0);
  }
  const Node* first_ = nullptr;
  const Node* last_ = nullptr;
  usize size_ = 0;
  detail::Pins pins_;
};

}  // namespace ostd
