// SPDX-License-Identifier: MPL-2.0
// Frame allocator: every page frame of the machine has a FrameMeta; free ones are in buddy lists of orders 0 to kMaxOrder under
// one lock, with a cache of single frames on each CPU in front of it.
//
// Accounting: an allocation draws pages of the running task's credit (account.h) and records the account in the frame; freeing
// gives them back to it. Untyped frames are shared: `shares` counts handles (UFrame) and mappings; the last one frees.
#pragma once
#include <base/atomic.h>
#include <base/types.h>
#include <common/fence.h>
#include <ostd/frame.h>
#include <ostd/reservation.h>
#include <ostd/target/cpu.h>

namespace ostd::common {

enum class FrameKind : u8 {
  none,      // a hole, or the inside of a block whose head says what it is
  free,      // head of a free block in a buddy list
  cached,    // in a CPU's cache
  untyped,   // user memory: see shares
  tail,      // untyped, inside a folio: `word` is the head's frame number
  table,     // page table
  slab,      // heap objects of one size class
  large,     // head of a heap block of whole pages
  piece,     // of a heap block made of single frames: next is the one behind it, word of the first one their number
  stack,     // task stack
  meta,      // other memory of ostd
  count_,
};

// Written by the frame's owner; the buddy allocator looks at neighbours in use and only needs to see that they are not free.
class KindCell {
 public:
  operator FrameKind() const { return v_.load(Order::relaxed); }
  KindCell& operator=(FrameKind k) {
    v_.store(k, Order::relaxed);
    return *this;
  }

 private:
  Atomic<FrameKind> v_{FrameKind::none};
};

// FrameMeta::flags of untyped frames; cleared when one is allocated. For targets that run code from copies (target::kCopiesCode).
enum FrameFlag : u8 {
  kFrameWritable = 1,  // some page table has allowed writes to it
  kFrameCopied = 2,    // the target may keep a copy and must be told of writes
};

struct alignas(32) FrameMeta {
  Atomic<u32> shares{0};
  KindCell kind;
  u8 order = 0;
  u8 size_class = 0;      // slab
  Atomic<u8> flags{0};    // FrameFlag; of a folio the head's count
  u32 next = 0;           // links of the list that this kind of frame is in; 0: none
  u32 prev = 0;
  Account::Core* owner = nullptr;  // charged for it; null: nobody (covered by a Commit, or scratch)
  // SAFETY (invariant): kind says which member is in use; both are plain numbers, so reading the other one is wrong but harmless.
  union {
    u64 word = 0;         // tail: the head's frame number; table: see table_note_used
    struct { u16 free_head, in_use, carved, objects; } slab;
  };
};
static_assert(sizeof(FrameMeta) == 32);

// Fixed after frames_init().
struct FrameTable {
  FrameMeta* meta = nullptr;
  u8* direct = nullptr;  // the direct map is linear: direct + physical address
  u64 frames = 0;
};
extern constinit FrameTable g_frames;

inline FrameMeta& frame_meta(u64 pfn) { return g_frames.meta[pfn]; }
inline u8* frame_data(u64 pfn) { return g_frames.direct + (pfn << kPageShift); }
inline u64 frame_of(const void* p) { return static_cast<u64>(static_cast<const u8*>(p) - g_frames.direct) >> kPageShift; }
// Whether p points into the memory that has frame metadata.
inline bool in_direct_map(const void* p) { return frame_of(p) < g_frames.frames; }

// Brings up frames, heap and the root account; common::start calls it first on the boot CPU, after set_this_cpu().
// target::highest_memory() is asked first, then early_alloc() is called, then usable_memory().
void memory_init();

// Who pays for a frame.
enum class Charge : u8 {
  credit,   // the running task's credit
  nobody,   // covered by a Commit, or a loan of a few microseconds
};

// A naturally aligned block of 2^order frames; its head's number, never 0. Order 0 is infallible: when no frame is left the
// machine panics. Contents undefined. For higher orders 0 means that no such block is free.
u64 frame_alloc(FrameKind kind, Charge charge = Charge::credit);
u64 frame_alloc_order(FrameKind kind, u32 order, Charge charge = Charge::credit);
// Requires: the caller owns the block (typed kinds), or held the last share (untyped).
void frame_free(u64 pfn);
// Gives memory that the target had kept to itself (boot loader data) to the allocator and raises the root account.
void frames_add(PhysAddr begin, PhysAddr end);

// A page table with all entries zero. Infallible.
u64 table_alloc();
// Requires: all entries are zero.
void table_free(u64 pfn);
// A top table; recycled: its upper half is that of the last one freed, else all is zero.
u64 root_alloc(bool& recycled);
// Requires: the lower half is zero.
void root_free(u64 pfn);

void frame_zero(u64 pfn, u32 order = 0);
void frame_copy(u64 to, u64 from);

// Shares of untyped frames. `pfn` may be inside a folio; the head counts.
inline u64 frame_head(u64 pfn) {
  const FrameMeta& m = frame_meta(pfn);
  return m.kind == FrameKind::tail ? m.word : pfn;
}
inline void frame_share(u64 head, u32 n = 1) {
  // relaxed: whoever adds a share has one already.
  frame_meta(head).shares.fetch_add(n, Order::relaxed);
}
// True when these were the last shares: the caller then frees it.
inline bool frame_drop(u64 head, u32 n = 1) {
  const FrameMeta& m = frame_meta(head);
  // Whoever sees that all shares are its own is the only one who can reach the frame: no atomic subtraction is needed.
  // acquire: what former holders did comes before the frame is used anew.
  const u32 now = m.shares.load(Order::acquire);
  if (now == n) return true;
  OSTD_CHECK(now > n);
  return m.shares.fetch_sub(n, Order::acq_rel) == n;
}
void frame_unshare(u64 head, u32 n = 1);

// A page table is about to allow writes to a folio. acq_rel, as where the target sets kFrameCopied: one of the two sees the other.
inline void frame_note_writable(u64 head) {
  if constexpr (!target::kCopiesCode) return;
  const Atomic<u8>& flags = frame_meta(head).flags;
  if (flags.load(Order::relaxed) & kFrameWritable) return;
  if (flags.fetch_or(kFrameWritable, Order::acq_rel) & kFrameCopied) [[unlikely]] target::code_changed();
}
// The OS has written to a folio.
inline void frame_note_written(u64 head) {
  if constexpr (!target::kCopiesCode) return;
  full_fence();  // the bytes before the flag; the target sets the flag before it copies
  if (frame_meta(head).flags.load(Order::relaxed) & kFrameCopied) [[unlikely]] target::code_changed();
}
// Frees untyped frames whose last share has gone.
void frames_free(const u32* heads, u32 count);

struct FrameStats {
  usize total = 0;
  usize free = 0;
  usize reserve = 0;
};
FrameStats frame_stats();
usize frames_of_kind(FrameKind k);  // sum over CPUs, exact when nobody allocates

}  // namespace ostd::common
