// SPDX-License-Identifier: MPL-2.0
// epoll [epoll(7)]. An Item watches one file: its hook puts it on the ready list. Waiting takes items from the list and asks the
// file again, so cost depends on what is ready, not on what is watched.
#pragma once
#include <base/map.h>
#include <base/vec.h>
#include <services/fs/fd_table.h>

namespace svc::fs {

struct EpollEvent { u32 events = 0; u64 data = 0; };

class Epoll;

// One watched file: the hook in its wait queues.
class EpollItem final : public WaitHook {
 public:
  EpollItem(Weak<Epoll> owner, Weak<File> file, EpollEvent e) : owner_(std::move(owner)), file_(std::move(file)), event_(e) {}
  void woken(u32 key) const override;
  Opt<Ref<File>> file() const { return file_.lock(); }
  EpollEvent event() const { return event_.with([](EpollEvent& e) { return e; }); }
  void set_event(EpollEvent e) const { event_.with([&](EpollEvent& x) { x = e; }); }
  void disarm() const;
  Atomic<u32> queued{0};

 private:
  Weak<Epoll> owner_;
  Weak<File> file_;
  SpinLocked<EpollEvent, rank::kEpollReady, IrqMode::off> event_;
};

class Epoll final : public File {
 public:
  explicit Epoll(u32 flags) : File(flags) {}
  ~Epoll() override;
  // Errors: exists, not_found, symlink_loop (nesting), invalid_argument, not_permitted (a file that is always ready).
  static Status add(const Ref<Epoll>& self, Fd fd, const Ref<File>& file, EpollEvent e);
  Status modify(Fd fd, const Ref<File>& file, EpollEvent e) const;
  Status remove(Fd fd, const Ref<File>& file) const;
  // Up to `most` events. Nothing at the deadline. Errors: interrupted.
  Result<Vec<EpollEvent>> wait(usize most, Opt<Instant> deadline) const;
  PollEvents poll() const override;
  void poll_add(Ref<WaitHook> hook) const override { queue_.add_hook(std::move(hook)); }
  void poll_remove(const WaitHook& hook) const override { queue_.remove_hook(hook); }
  String link_text() const override { return String("anon_inode:[eventpoll]"); }

  using Item = EpollItem;
  void mark_ready(const Item& item) const;

 private:
  struct Key {
    i32 fd = 0;
    u64 file = 0;
    constexpr auto operator<=>(const Key&) const = default;
  };
  struct Ready { Vec<Ref<Item>> list{}; };
  void drop_dead(const Key& key) const;
  // Whether `target` is watched by this one, directly or not; true when the chain is longer than `hops`.
  bool reaches(const Epoll& target, u32 hops) const;
  Vec<EpollEvent> collect(usize most) const;
  SpinLocked<Map<Key, Ref<Item>>, rank::kEpoll> items_{};
  SpinLocked<Ready, rank::kEpollReady, IrqMode::off> ready_{};
  Atomic<u32> nested_{0};     // levels of epolls below it
  WaitQueue queue_{};
};

}  // namespace svc::fs
