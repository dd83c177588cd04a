// SPDX-License-Identifier: MPL-2.0
// The buddy allocator and the per-CPU caches of single frames. One leaf lock (interrupts off) over the free lists; a CPU takes
// it once in kBatch allocations or frees. A refill takes a whole block, so that frames allocated in a row are contiguous.
#include <common/frame_alloc.h>
#include <common/heap.h>
#include <common/mem_cpu.h>
#include <common/target.h>
#include <mem/copy.h>
#include <mem/draw.h>
#include <mem/pieces.h>

namespace ostd::common {

constinit FrameTable g_frames{};

namespace {

constexpr u32 kBatchOrder = 5;
constexpr u32 kBatch = 1U << kBatchOrder;
static_assert(kFrameCacheCap >= 2 * kBatch);

struct Buddy {
  target::RawSpin lock{};
  u32 heads[kMaxOrder + 1] = {};
  u32 nonempty = 0;          // bit n: heads[n] is not 0
  Atomic<usize> free{0};     // pages in the lists; written under the lock
  Atomic<usize> total{0};
  usize reserve = 0;
};
constinit Buddy g_buddy{};
constinit Atomic<i64> g_nested_pages[kFrameKinds]{};
static_assert(static_cast<u32>(FrameKind::count_) <= kFrameKinds);

// ---- buddy lists; the lock is held --------------------------------------------------------------------------------------

void push(u64 pfn, u32 order) {
  FrameMeta& m = frame_meta(pfn);
  m.kind = FrameKind::free;
  m.order = static_cast<u8>(order);
  m.prev = 0;
  m.next = g_buddy.heads[order];
  if (m.next) frame_meta(m.next).prev = static_cast<u32>(pfn);
  g_buddy.heads[order] = static_cast<u32>(pfn);
  g_buddy.nonempty |= 1U << order;
}

void unlink(u64 pfn, u32 order) {
  FrameMeta& m = frame_meta(pfn);
  if (m.next) frame_meta(m.next).prev = m.prev;
  if (m.prev) frame_meta(m.prev).next = m.next;
  else if ((g_buddy.heads[order] = m.next) == 0) g_buddy.nonempty &= ~(1U << order);
  m.kind = FrameKind::none;
}

u64 take(u32 order) {
  const u32 fit = g_buddy.nonempty >> order << order;
  if (fit == 0) return 0;
  u32 k = static_cast<u32>(__builtin_ctz(fit));
  const u64 pfn = g_buddy.heads[k];
  unlink(pfn, k);
  while (k > order) {
    --k;
    push(pfn + (1ULL << k), k);
  }
  g_buddy.free.store(g_buddy.free.load(Order::relaxed) - (1ULL << order), Order::relaxed);
  return pfn;
}

void give(u64 pfn, u32 order) {
  g_buddy.free.store(g_buddy.free.load(Order::relaxed) + (1ULL << order), Order::relaxed);
  for (; order < kMaxOrder; ++order) {
    const u64 other = pfn ^ (1ULL << order);
    if (other >= g_frames.frames) break;
    const FrameMeta& o = frame_meta(other);
    if (o.kind != FrameKind::free || o.order != order) break;
    unlink(other, order);
    frame_meta(pfn).kind = FrameKind::none;  // it may become the inside of the joined block
    pfn &= ~(1ULL << order);
  }
  push(pfn, order);
}

// ---- the cache of a CPU; its CpuCache is held ---------------------------------------------------------------------------

[[gnu::noinline]] void refill(MemPerCpu& c) {
  if (!c.registered) mem_register_cpu(c);
  LeafLock l(g_buddy.lock);
  u32 n = 0;
  for (u32 order = kBatchOrder; n < kBatch;) {
    const u64 pfn = take(order);
    if (pfn == 0) {
      if (order == 0) break;
      --order;
      continue;
    }
    for (u32 i = 1U << order; i-- != 0;) c.frames[c.frame_count++] = static_cast<u32>(pfn + i);
    n += 1U << order;
  }
}

[[gnu::noinline]] void drain(MemPerCpu& c, u32 count) {
  LeafLock l(g_buddy.lock);
  // The oldest go: they are the least likely to be in this CPU's data cache.
  for (u32 i = 0; i != count; ++i) give(c.frames[i], 0);
  for (u32 i = count; i != c.frame_count; ++i) c.frames[i - count] = c.frames[i];
  c.frame_count -= count;
}

inline void count(PerCpu* cpu, FrameKind kind, i64 pages) {
  const u32 k = static_cast<u32>(kind);
  if (!cpu) [[unlikely]] {
    g_nested_pages[k].fetch_add(pages, Order::relaxed);
    return;
  }
  // Only this CPU writes it; readers want a recent value.
  const Atomic<i64>& n = cpu->mem.kind_pages[k];
  n.store(n.load(Order::relaxed) + pages, Order::relaxed);
}

inline void prepare(FrameMeta& m, FrameKind kind, u32 order, Account::Core* owner) {
  m.shares.store(1, Order::relaxed);
  m.kind = kind;
  m.order = static_cast<u8>(order);
  m.flags.store(0, Order::relaxed);
  m.owner = owner;
}

// A frame when the CPU's cache cannot give one.
[[gnu::noinline]] u64 take_slow(PerCpu* cpu) {
  u64 pfn = 0;
  if (cpu) {
    MemPerCpu& m = cpu->mem;
    refill(m);
    if (m.frame_count == 0 && m.table_count != 0) return m.tables[--m.table_count];
    if (m.frame_count != 0) pfn = m.frames[--m.frame_count];
  } else {
    LeafLock l(g_buddy.lock);
    pfn = take(0);
  }
  if (pfn == 0) panic("out of page frames: more was used than reserved");
  return pfn;
}

inline u64 take_one(PerCpu* cpu) {
  if (!cpu || cpu->mem.frame_count == 0) [[unlikely]] return take_slow(cpu);
  return cpu->mem.frames[--cpu->mem.frame_count];
}

inline void give_one(PerCpu* cpu, FrameMeta& m, u64 pfn) {
  if (!cpu) [[unlikely]] {
    LeafLock l(g_buddy.lock);
    return give(pfn, 0);
  }
  MemPerCpu& c = cpu->mem;
  m.kind = FrameKind::cached;
  if (c.frame_count == kFrameCacheCap) [[unlikely]] drain(c, kFrameCacheCap / 2);
  c.frames[c.frame_count++] = static_cast<u32>(pfn);
}

[[gnu::noinline]] void free_block(const CpuCache& c, u64 pfn, FrameKind kind, u32 order) {
  if (kind == FrameKind::untyped)
    for (u64 i = 1; i < 1ULL << order; ++i) frame_meta(pfn + i).kind = FrameKind::none;
  LeafLock l(g_buddy.lock);
  give(pfn, order);
}

}  // namespace

constinit MemPerCpu* g_mem_cpus[kMaxCpus] = {};
constinit Atomic<u32> g_mem_cpus_end{0};

void mem_register_cpu(MemPerCpu& m) {
  m.index = target::current_cpu_index();
  m.registered = true;
  __atomic_store_n(&g_mem_cpus[m.index], &m, __ATOMIC_RELEASE);
  u32 end = g_mem_cpus_end.load(Order::relaxed);
  while (end <= m.index && !g_mem_cpus_end.compare_exchange(end, m.index + 1, Order::seq_cst)) {}
}

u64 frame_alloc(FrameKind kind, Charge charge) {
  CpuCache c;
  Account::Core* owner = charge == Charge::credit ? account_draw(c.cpu(), 1) : nullptr;
  const u64 pfn = take_one(c.cpu());
  count(c.cpu(), kind, 1);
  prepare(frame_meta(pfn), kind, 0, owner);
  return pfn;
}

u64 frame_alloc_order(FrameKind kind, u32 order, Charge charge) {
  if (order == 0) return frame_alloc(kind, charge);
  OSTD_CHECK(order <= kMaxOrder);
  u64 pfn = 0;
  {
    LeafLock l(g_buddy.lock);
    pfn = take(order);
  }
  if (pfn == 0) return 0;
  CpuCache c;
  count(c.cpu(), kind, 1LL << order);
  prepare(frame_meta(pfn), kind, order, charge == Charge::credit ? account_draw(c.cpu(), 1ULL << order) : nullptr);
  if (kind == FrameKind::untyped)
    for (u64 i = 1; i != 1ULL << order; ++i) {
      frame_meta(pfn + i).kind = FrameKind::tail;
      frame_meta(pfn + i).word = pfn;
    }
  return pfn;
}

void frame_free(u64 pfn) {
  OSTD_CHECK(pfn - 1 < g_frames.frames - 1);
  FrameMeta& m = frame_meta(pfn);
  const FrameKind kind = m.kind;
  const u32 order = m.order;
  OSTD_CHECK(kind >= FrameKind::untyped && kind != FrameKind::tail && "the frame freed is in use");
  CpuCache c;
  count(c.cpu(), kind, -(1LL << order));
  account_refund(c.cpu(), m.owner, 1ULL << order);
  if (order != 0) [[unlikely]] return free_block(c, pfn, kind, order);
  give_one(c.cpu(), m, pfn);
}

// A table frame of a CPU's cache, or a new one with entries to be zeroed.
static u64 take_table(u32 MemPerCpu::*count_of, const u32* (*list)(const MemPerCpu&), bool& cached) {
  CpuCache c;
  Account::Core* owner = account_draw(c.cpu(), 1);
  count(c.cpu(), FrameKind::table, 1);
  cached = c && (*c).*count_of != 0;
  const u64 pfn = cached ? list(*c)[--((*c).*count_of)] : take_one(c.cpu());
  FrameMeta& m = frame_meta(pfn);
  prepare(m, FrameKind::table, 0, owner);
  m.word = 0;
  return pfn;
}
static void give_table(u64 pfn, u32 MemPerCpu::*count_of, u32 cap, u32* (*list)(MemPerCpu&)) {
  FrameMeta& m = frame_meta(pfn);
  OSTD_CHECK(m.kind == FrameKind::table);
  CpuCache c;
  count(c.cpu(), FrameKind::table, -1);
  account_refund(c.cpu(), m.owner, 1);
  if (!c || (*c).*count_of == cap) [[unlikely]] return give_one(c.cpu(), m, pfn);
  m.kind = FrameKind::cached;
  list(*c)[((*c).*count_of)++] = static_cast<u32>(pfn);
}

u64 table_alloc() {
  bool cached = false;
  const u64 pfn = take_table(&MemPerCpu::table_count, [](const MemPerCpu& m) { return +m.tables; }, cached);
  if (!cached) frame_zero(pfn);
  return pfn;
}
void table_free(u64 pfn) {
  give_table(pfn, &MemPerCpu::table_count, kTableCacheCap, [](MemPerCpu& m) { return +m.tables; });
}
u64 root_alloc(bool& recycled) {
  const u64 pfn = take_table(&MemPerCpu::root_count, [](const MemPerCpu& m) { return +m.roots; }, recycled);
  if (!recycled) frame_zero(pfn);
  return pfn;
}
void root_free(u64 pfn) {
  give_table(pfn, &MemPerCpu::root_count, kRootCacheCap, [](MemPerCpu& m) { return +m.roots; });
}

void frame_unshare(u64 head, u32 n) {
  if (frame_drop(head, n)) frame_free(head);
}

void frames_free(const u32* heads, u32 n) {
  u32 i = 0;
  {
    CpuCache c;
    Account::Core* owner = nullptr;
    usize owed = 0;
    for (; c && i != n; ++i) {
      FrameMeta& m = frame_meta(heads[i]);
      if (m.kind != FrameKind::untyped || m.order != 0) break;
      if (m.owner != owner) {
        account_refund(c.cpu(), owner, owed);
        owner = m.owner;
        owed = 0;
      }
      ++owed;
      give_one(c.cpu(), m, heads[i]);
    }
    account_refund(c.cpu(), owner, owed);
    count(c.cpu(), FrameKind::untyped, -static_cast<i64>(i));
  }
  for (; i != n; ++i) frame_free(heads[i]);
}

void frames_add(PhysAddr begin, PhysAddr end) {
  u64 pfn = begin.page_up().value >> kPageShift;
  const u64 stop = end.value >> kPageShift;
  if (pfn == 0) pfn = 1;  // frame 0 stands for no frame
  if (pfn >= stop) return;
  OSTD_CHECK(stop <= g_frames.frames);
  const usize pages = stop - pfn;
  {
    LeafLock l(g_buddy.lock);
    while (pfn < stop) {
      u32 order = kMaxOrder;
      while ((pfn & ((1ULL << order) - 1)) != 0 || pfn + (1ULL << order) > stop) --order;
      give(pfn, order);
      pfn += 1ULL << order;
    }
  }
  g_buddy.total.fetch_add(pages, Order::relaxed);
  root_account().limit.fetch_add(pages, Order::relaxed);
}

void memory_init() {
  const u64 frames = target::highest_memory().value >> kPageShift;
  OSTD_CHECK(frames < (1ULL << 32));
  void* meta = target::early_alloc(frames * sizeof(FrameMeta));
  // SAFETY: the array is zeroed memory, exclusively ours for ever; an all-zero FrameMeta is a valid one of kind none.
  g_frames.meta = static_cast<FrameMeta*>(meta);
  g_frames.direct = target::phys_to_virt(PhysAddr{0});
  g_frames.frames = frames;
  pieces_init(frames);
  for (const target::MemoryRegion& r : target::usable_memory()) {
    OSTD_CHECK(target::phys_to_virt(r.begin) == g_frames.direct + r.begin.value && "the direct map is linear");
    frames_add(r.begin, r.end);
  }
  // Never promised to anybody: what CPU caches may hold, room for what was not covered by a budget, and tables of heap blocks.
  const usize total = g_buddy.total.load(Order::relaxed);
  g_buddy.reserve = 128 + target::cpu_count() * kFrameCacheCap + total / 128 + pieces_reserve(total);
  OSTD_CHECK(total > 2 * g_buddy.reserve && "enough memory to run");
  root_account().limit.fetch_sub(g_buddy.reserve, Order::relaxed);
  pieces_prepare(total);
  heap_set_ready();
}

void frame_zero(u64 pfn, u32 order) { zero_words(frame_data(pfn), kPageSize << order); }
void frame_copy(u64 to, u64 from) { copy_words(frame_data(to), frame_data(from), kPageSize); }

usize frames_of_kind(FrameKind kind) {
  const u32 k = static_cast<u32>(kind);
  i64 sum = g_nested_pages[k].load(Order::relaxed);
  each_mem_cpu([&](const MemPerCpu& m) { sum += m.kind_pages[k].load(Order::relaxed); });
  return sum < 0 ? 0 : static_cast<usize>(sum);
}

FrameStats frame_stats() {
  FrameStats s{};
  s.total = g_buddy.total.load(Order::relaxed);
  s.reserve = g_buddy.reserve;
  usize used = 0;
  for (u32 k = static_cast<u32>(FrameKind::untyped); k != static_cast<u32>(FrameKind::count_); ++k)
    used += frames_of_kind(static_cast<FrameKind>(k));
  s.free = used < s.total ? s.total - used : 0;
  return s;
}

}  // namespace ostd::common
