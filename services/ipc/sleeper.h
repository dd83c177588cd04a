// SPDX-License-Identifier: MPL-2.0
// Who waits for an object: a task that sleeps until somebody else has done its operation, or ended it. Under the object's lock the
// one who does that takes it out of the object's lists and says what came of it (finish); it is woken without the lock (wake).
#pragma once
#include <base/list.h>
#include <ostd/task.h>
#include <services/base/ids.h>

namespace svc::ipc {

struct Finished {};   // tag of the list of those to be woken

class Sleeper : public RefCounted, public ListNode<Finished> {
 public:
  explicit Sleeper(Ref<Task> task) : task_(std::move(task)) {}
  // With the object's lock.
  void finish(Status result) const { result_.store(result.ok() ? kDone : kFailed + static_cast<u32>(result.error()), Order::release); }
  void wake() const { task_->unpark(); }
  // Sleeps until it has finished. give_up(): takes it out of the object's lists; false: it is in none, because it has finished.
  // Errors: of finish(); interrupted; timed_out.
  Status sleep(Opt<Instant> deadline, FnRef<bool()> give_up) const;

 private:
  static constexpr u32 kWaiting = 0, kDone = 1, kFailed = 2;
  Ref<Task> task_;
  Atomic<u32> result_{kWaiting};
};

using WakeList = List<Sleeper, Finished>;
void wake_all(WakeList finished);

}  // namespace svc::ipc
