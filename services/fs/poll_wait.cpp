// SPDX-License-Identifier: MPL-2.0
// Each item has a hook in its file's wait queues while the task sleeps; a wake-up marks the wait and unparks the task, which
// then looks at all items again.
#include <ostd/task.h>
#include <services/fs/poll_wait.h>

namespace svc::fs {
namespace {

class Sleeper final : public RefCounted {
 public:
  explicit Sleeper(Ref<Task> t) : task(std::move(t)) {}
  Ref<Task> task;
  Atomic<u32> woken{0};
};

class ItemHook final : public WaitHook {
 public:
  explicit ItemHook(Ref<Sleeper> s) : sleeper_(std::move(s)) {}
  void woken(u32 key) const override {
    sleeper_->woken.store(1, Order::release);
    sleeper_->task->unpark();
  }

 private:
  Ref<Sleeper> sleeper_;
};

usize look(Vec<PollItem>& items) {
  usize ready = 0;
  for (PollItem& i : items.items()) {
    if (i.file) i.got = (*i.file)->poll() & (i.wanted | poll::err | poll::hup);
    if (i.got.any()) ++ready;
  }
  return ready;
}

// Hooks of all items, taken out again when it ends.
class Hooks {
 public:
  explicit Hooks(const Vec<PollItem>& items, const Ref<Sleeper>& s) {
    for (const PollItem& i : items) {
      if (!i.file) continue;
      const Ref<ItemHook> h = make_ref<ItemHook>(s);
      (*i.file)->poll_add(Ref<WaitHook>(h));
      added_.push_back({*i.file, h});
    }
  }
  ~Hooks() {
    for (const Added& a : added_) a.file->poll_remove(*a.hook);
  }
  Hooks(const Hooks&) = delete;

 private:
  struct Added { Ref<File> file; Ref<ItemHook> hook; };
  Vec<Added> added_{};
};

}  // namespace

Result<usize> poll_wait(Vec<PollItem>& items, Opt<Instant> deadline) {
  usize ready = look(items);
  if (ready != 0) return ready;
  if (deadline && *deadline <= time::now()) return usize{0};
  const Ref<Sleeper> s = make_ref<Sleeper>(task::current());
  TRY(mem::reserve(4 + items.size() / 16));
  const Hooks hooks(items, s);
  for (;;) {
    s->woken.store(0);
    ready = look(items);
    if (ready != 0) return ready;
    if (deadline && *deadline <= time::now()) return usize{0};
    while (s->woken.load(Order::acquire) == 0) {
      const Status p = task::park(Wait::interruptible, deadline);
      if (p.ok()) continue;
      if (p.error() == Errc::interrupted) {
        ready = look(items);
        if (ready != 0) return ready;
        return Errc::interrupted;
      }
      break;  // timed out: one last look above
    }
  }
}

}  // namespace svc::fs
