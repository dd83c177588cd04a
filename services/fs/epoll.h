// SPDX-License-Identifier: MPL-2.0
// epoll [epoll(7)]. An EpollItem watches one file: its hook puts it on the ready list. Waiting asks the files of that list again,
// so cost depends on what is ready, not on what is watched.
// Locks: kEpollScan is held while one waiter looks through the list, so that an edge is given to one waiter only; kEpoll guards
// the table of items; kEpollReady the list, taken from hooks too. An item stays on the list while its file is asked.
#pragma once
#include <base/list.h>
#include <base/map.h>
#include <base/vec.h>
#include <services/fs/fd_table.h>

namespace svc::fs {

struct EpollEvent { u32 events = 0; u64 data = 0; };

class EpollItem;

// The ready list and who waits for it. Apart from Epoll, because hooks may not drop the last reference to one.
class EpollReady final : public RefCounted {
 public:
  EpollReady() = default;
  void mark(const EpollItem& item) const;
  // The first item, or the one behind `last`; from the front again if that one has left the list.
  Opt<Ref<EpollItem>> first() const;
  Opt<Ref<EpollItem>> after(const EpollItem& last) const;
  usize size() const;
  void put_first(const EpollItem& item) const;
  // What becomes of an item that was looked at. taken: off the list unless it was woken after `wakes` had been read.
  enum class Outcome : u8 { taken, again };
  void done(const EpollItem& item, u64 wakes, Outcome outcome) const;
  void remove(const EpollItem& item) const;
  void close() const;
  WaitQueue queue{};

 private:
  struct State {
    List<EpollItem> list{};
    bool closed = false;
  };
  SpinLocked<State, rank::kEpollReady, IrqMode::off> state_{};
};

// One watched file: the hook in its wait queues.
class EpollItem final : public WaitHook, public ListNode<> {
 public:
  EpollItem(Ref<EpollReady> ready, Weak<File> file, EpollEvent e) : ready_(std::move(ready)), file_(std::move(file)), event_(e) {}
  void woken(u32 key) const override;
  Opt<Ref<File>> file() const { return file_.lock(); }
  EpollEvent event() const { return event_.with([](EpollEvent& e) { return e; }); }
  void set_event(EpollEvent e) const { event_.with([&](EpollEvent& x) { x = e; }); }
  void disarm() const;
  // Undoes disarm, unless it was modified since.
  void arm(u32 events) const;
  Atomic<u64> wakes{0};
  Atomic<u32> removed{0};  // from its epoll: never listed again

 private:
  Ref<EpollReady> ready_;
  Weak<File> file_;
  SpinLocked<EpollEvent, rank::kEpollReady, IrqMode::off> event_;
};

class Epoll final : public File {
 public:
  explicit Epoll(u32 flags) : File(flags), ready_(make_ref<EpollReady>()) {}
  ~Epoll() override;
  // Adding one epoll to another: the caller holds the machine's nesting lock. Errors: exists, not_found, symlink_loop (nesting),
  // invalid_argument.
  static Status add(const Ref<Epoll>& self, Fd fd, const Ref<File>& file, EpollEvent e);
  Status modify(Fd fd, const Ref<File>& file, EpollEvent e) const;
  Status remove(Fd fd, const Ref<File>& file) const;
  // The file that was added as fd; the one behind so many others that were, too. Errors: not_found.
  Result<Ref<File>> target(Fd fd, u32 others) const;
  // An event, and what it is of.
  struct Found {
    Ref<EpollItem> item;
    u32 events = 0, armed = 0;  // what is there; what the item waited for
  };
  // Up to `most` events. Nothing at the deadline. Errors: interrupted.
  Result<Vec<Found>> wait(usize most, Opt<Instant> deadline) const;
  // The program could not be told: the event is there as before.
  void give_back(const Found& f) const;
  bool ignores_seek() const override { return true; }
  PollEvents poll() const override;
  void poll_add(Ref<WaitHook> hook) const override { ready_->queue.add_hook(std::move(hook)); }
  void poll_remove(const WaitHook& hook) const override { ready_->queue.remove_hook(hook); }
  String link_text() const override { return String("anon_inode:[eventpoll]"); }

 private:
  struct Key {
    i32 fd = 0;
    u64 file = 0;
    constexpr auto operator<=>(const Key&) const = default;
  };
  void drop_dead(const Key& key) const;
  Vec<Ref<Epoll>> children() const;
  Vec<Ref<Epoll>> parents() const;
  // Levels of epolls below (above) it; more than `hops` when there are more, or when `target` is among those below.
  u32 levels_below(const Epoll& target, u32 hops) const;
  u32 levels_above(u32 hops) const;
  Vec<Found> collect(usize most) const;
  Ref<EpollReady> ready_;
  SpinLocked<Map<Key, Ref<EpollItem>>, rank::kEpoll> items_{};
  SpinLocked<Vec<Weak<Epoll>>, rank::kEpoll> parents_{};
  MutexLocked<u32, rank::kEpollScan> scan_{};
};

}  // namespace svc::fs
