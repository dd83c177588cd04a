// SPDX-License-Identifier: MPL-2.0
// What segments, arrays of semaphores and message queues have in common: key, id, owner and mode. [sysvipc(7)]
#pragma once
#include <base/atomic.h>
#include <base/own.h>
#include <base/result.h>
#include <ostd/sync.h>
#include <ostd/time.h>
#include <services/base/job_control.h>
#include <services/base/ranks.h>

namespace svc::ipc {

inline constexpr i32 kPrivate = 0;                    // IPC_PRIVATE: no key
inline constexpr u32 kCreate = 01000, kExclusive = 02000, kNoWait = 04000, kPermissions = 0777, kRead = 0444, kWrite = 0222;
inline constexpr u32 kIndexBits = 15, kMostObjects = 1U << kIndexBits;

// As stat shows it.
struct Owner {
  Uid uid{}, cuid{};
  Gid gid{}, cgid{};
  u32 mode = 0;
};

inline i64 wall_seconds() { return time::wall_now() / 1'000'000'000; }

class Object : public RefCounted {
 public:
  // It is the caller's.
  Object(const Context& who, i32 key, u32 mode);
  i32 id() const { return id_.load(Order::relaxed); }       // -1 before it has one
  u32 index() const { return static_cast<u32>(id()) & (kMostObjects - 1); }
  i32 key() const { return key_.load(Order::relaxed); }     // kPrivate once it cannot be found by one
  Owner owner() const { return owner_.with([](Owner& o) { return o; }); }
  // Bits of `wanted` in any of the three places of a mode. CAP_IPC_OWNER may all.
  bool allows(const Credentials& who, u32 wanted) const;
  // For IPC_SET and IPC_RMID: the owner, who made it, and CAP_SYS_ADMIN. Errors: not_permitted.
  Status may_control(const Credentials& who) const;
  // IPC_SET. Errors: invalid_argument (an id that is none).
  Status change_owner(Uid uid, Gid gid, u32 mode) const;
  void add_mode(u32 bits) const { owner_.with([&](Owner& o) { o.mode |= bits; }); }
  void drop_mode(u32 bits) const { owner_.with([&](Owner& o) { o.mode &= ~bits; }); }
  bool has_mode(u32 bits) const { return (owner().mode & bits) != 0; }

 private:
  template <class T> friend class IdTable;
  Atomic<i32> id_{-1};
  Atomic<i32> key_{kPrivate};
  SpinLocked<Owner, rank::kIpcOwner> owner_;
};

}  // namespace svc::ipc
