// SPDX-License-Identifier: MPL-2.0
// What memory management keeps for each CPU: caches of frames and heap objects that are used without a lock.
//
// Who may touch it: code on this CPU that has set `busy` (CpuCache in common/mem_cpu.h). OS code is not preempted between two
// preemption points, so only an interrupt or deferred work can come in between; it finds `busy` set and takes the locked paths.
#pragma once
#include <base/atomic.h>
#include <base/types.h>
#include <ostd/target/sync.h>

namespace ostd::common {

inline constexpr u32 kHeapClasses = 22;
inline constexpr u32 kFrameCacheCap = 128;
inline constexpr u32 kTableCacheCap = 16;
inline constexpr u32 kRootCacheCap = 4;
inline constexpr u32 kCursors = 8;  // that live on one CPU at the same time: they cannot be preempted

// Free objects of one size class, linked through their first words: `head` is used first, `spare` is a full chain or empty.
struct HeapMagazine {
  void* head = nullptr;
  u32 count = 0;
  u32 spare_count = 0;
  void* spare = nullptr;
};

// Kinds of typed frames that are counted (order of FrameKind).
inline constexpr u32 kFrameKinds = 12;

struct MemPerCpu {
  bool busy = false;
  bool registered = false;
  u16 walk_count = 0;
  u32 index = 0;
  u32 frame_count = 0;
  u32 table_count = 0;
  u32 frames[kFrameCacheCap] = {};         // frame numbers, the top is used first
  u32 tables[kTableCacheCap] = {};         // freed page tables, all entries zero
  u32 root_count = 0;
  u32 roots[kRootCacheCap] = {};           // freed top tables: the user's half zero, the kernel's still valid
  HeapMagazine magazines[kHeapClasses] = {};
  Atomic<i64> kind_pages[kFrameKinds] = {};  // written by this CPU, summed by readers
  Atomic<u64> over_budget{0};
  // Pages of one account that tasks of this CPU have given back; they stay charged (account.cpp). Under stock_lock, since a CPU
  // whose reservation is refused takes them back from all.
  target::RawSpin stock_lock{};
  void* stock_account = nullptr;
  usize stock_pages = 0;
  i64 stock_used = 0;  // to be added to the account's count of used pages
  // Insides of Cursors; a bit of cursors_used for each.
  u32 cursors_used = 0;
  alignas(64) u8 cursor_room[kCursors][192] = {};
  // The address space whose tables this CPU reads without a lock (WalkGuard); looked at by CPUs that wait for it.
  alignas(64) Atomic<u64> walking{0};  // its address and walk_count; 0: none
};

}  // namespace ostd::common
