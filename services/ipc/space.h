// SPDX-License-Identifier: MPL-2.0
// Space: the objects of one IPC namespace and their limits. [ipc_namespaces(7), sysvipc(7)]
#pragma once
#include <services/ipc/id_table.h>
#include <services/ipc/messages.h>
#include <services/ipc/segment.h>
#include <services/ipc/semaphores.h>

namespace svc::ipc {

// /proc/sys/kernel/{shmmax,shmall,shmmni,sem,msgmax,msgmnb,msgmni}
struct Limits {
  static constexpr u64 kShmMost = ~0ULL - (1ULL << 24);
  Atomic<u64> shm_bytes{kShmMost}, shm_pages{kShmMost};
  Atomic<u32> segments{4096};
  // SEMMSL, SEMMNS, SEMOPM, SEMMNI: signed, as Linux has them.
  Atomic<i32> array_size{32000}, semaphores{1'024'000'000}, operations{500}, arrays{32000};
  Atomic<u32> message_bytes{8192}, queue_bytes{16384}, queues{32000};
};
struct Counts {
  Atomic<u64> semaphores{0};
  Atomic<u64> shm_pages{0};
};

class Space final : public RefCounted {
 public:
  Space() = default;
  const Limits& limits() const [[clang::lifetimebound]] { return limits_; }
  const Counts& counts() const [[clang::lifetimebound]] { return counts_; }
  const IdTable<Segment>& segments() const [[clang::lifetimebound]] { return segments_; }
  const IdTable<SemArray>& semaphores() const [[clang::lifetimebound]] { return semaphores_; }
  const IdTable<MessageQueue>& queues() const [[clang::lifetimebound]] { return queues_; }

  // What shmget(2) does: finds or makes one; its id.
  struct ShmGet { i32 key = 0; u64 size = 0; u32 flags = 0; u64 lockable = 0; };   // lockable: RLIMIT_MEMLOCK
  // Errors: invalid_argument, no_space, not_found, exists, access_denied, out_of_memory, not_permitted.
  Result<i32> shm_get(const Context& who, const Ref<Account>& account, const ShmGet& q) const;
  // semget(2). Errors: invalid_argument, no_space, not_found, exists, access_denied, out_of_memory.
  Result<i32> sem_get(const Context& who, i32 key, i32 n, u32 flags) const;
  // msgget(2). Errors: no_space, not_found, exists, access_denied, out_of_memory.
  Result<i32> msg_get(const Context& who, i32 key, u32 flags) const;

 private:
  // check(object): whether what is there fits. make(): a new one. Both as Errors above.
  template <class T, class Check, class Make>
  Result<i32> get(const Context& who, const IdTable<T>& in, i32 key, u32 flags, u32 limit, Check&& check, Make&& make) const {
    for (;;) {
      const Opt<Ref<T>> there = key == kPrivate ? Opt<Ref<T>>() : in.by_key(key);
      if (there) {
        if ((flags & (kCreate | kExclusive)) == (kCreate | kExclusive)) return Errc::exists;
        TRY(check(**there));
        if (!(*there)->allows(who.credentials(), flags)) return Errc::access_denied;
        return (*there)->id();
      }
      if (key != kPrivate && (flags & kCreate) == 0) return Errc::not_found;
      const Ref<T> fresh = TRY(make());
      TRY(mem::reserve(2));
      const Status added = in.add(fresh, limit);
      if (added.ok()) return fresh->id();
      if (added.error() != Errc::exists) return added.error();
    }
  }
  Limits limits_{};
  Counts counts_{};
  IdTable<Segment> segments_{};
  IdTable<SemArray> semaphores_{};
  IdTable<MessageQueue> queues_{};
};

}  // namespace svc::ipc
