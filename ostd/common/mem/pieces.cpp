// SPDX-License-Identifier: MPL-2.0
// Lock order: the lock here, then what target::add_piece_table() takes, then the frame allocator's.
#include <common/account.h>
#include <common/frame_alloc.h>
#include <common/mem_cpu.h>
#include <common/target.h>
#include <utility>
#include <mem/pieces.h>

namespace ostd::common {

constinit PieceArea g_pieces{};

namespace {

constexpr u32 kEntries = 512;    // of a chunk
constexpr u32 kChunkOrder = 9;
constexpr u32 kFlushPages = 512;  // freed pages that make a flush worth its cost
// Entries that map nothing. Bit 0 is the processor's: present.
constexpr u64 kFree = 0, kTaken = 2, kStale = 4, kFlushing = 6, kPresent = 1;

struct Pieces {
  target::RawSpin lock{};
  u32* tables = nullptr;  // frame number of each chunk's table; 0: not made yet
  u32 chunks = 0;
  u32 stale_pages = 0;
  bool flushing = false;  // the target drops what CPUs know of the pages whose entries say so
};
constinit Pieces g{};

// What is known of a chunk, in the FrameMeta of its table; under the lock.
u8& largest(FrameMeta& m) { return m.size_class; }  // order of its longest free run plus one; 0: full
u16& stale(FrameMeta& m) { return m.slab.in_use; }
u16& flushing(FrameMeta& m) { return m.slab.carved; }

// SAFETY: a chunk's table is a frame of its own for ever. Whoever took a run owns its entries; all others only look at them.
u64* table(u32 chunk) { return reinterpret_cast<u64*>(frame_data(g.tables[chunk])); }
FrameMeta& meta(u32 chunk) { return frame_meta(g.tables[chunk]); }
u64 load(const u64& e) { return __atomic_load_n(&e, __ATOMIC_RELAXED); }
void store(u64& e, u64 v) { __atomic_store_n(&e, v, __ATOMIC_RELAXED); }
u64& entry(u64 page) { return table(static_cast<u32>(page / kEntries))[page % kEntries]; }
u64 frame_of_entry(u64 e) { return (e & 0x000f'ffff'ffff'f000) >> kPageShift; }

u32 order_of(usize pages) {
  u32 order = 0;
  while (1ULL << order < pages) ++order;
  return order;
}

void note_largest(u32 chunk) {
  const u64* t = table(chunk);
  u32 best = 0;
  for (u32 i = 0; i != kEntries;) {
    u32 end = i;
    while (end != kEntries && load(t[end]) == kFree) ++end;
    while (i < end) {
      u32 order = static_cast<u32>(__builtin_ctz(i | kEntries));
      while (i + (1U << order) > end) --order;
      if (best < order + 1) best = order + 1;
      i += 1U << order;
    }
    if (i != kEntries) ++i;
  }
  largest(meta(chunk)) = static_cast<u8>(best);
}

void set_all(u64 first, usize pages, u64 state) {
  for (u64 i = first; i != first + pages; ++i) store(entry(i), state);
}

void make_chunk(u32 chunk) {
  const u64 pfn = frame_alloc(FrameKind::meta, Charge::nobody);
  static_cast<void>(account_charge(root_account(), 1));  // refused: the reserve pays
  frame_zero(pfn);
  g.tables[chunk] = static_cast<u32>(pfn);
  FrameMeta& m = meta(chunk);
  m.word = 0;
  largest(m) = kChunkOrder + 1;
  target::add_piece_table(g_pieces.base + (u64{chunk} << (kPageShift + kChunkOrder)), PhysAddr{pfn << kPageShift});
}

// Pages that all CPUs have forgotten are free; enough stale ones are given to the CPUs to forget.
void settle() {
  if (g.flushing && target::pieces_forgotten()) {
    g.flushing = false;
    for (u32 c = 0; c != g.chunks; ++c) {
      if (g.tables[c] == 0 || flushing(meta(c)) == 0) continue;
      flushing(meta(c)) = 0;
      u64* t = table(c);
      for (u32 i = 0; i != kEntries; ++i)
        if (load(t[i]) == kFlushing) store(t[i], kFree);
      note_largest(c);
    }
  }
  if (g.flushing || g.stale_pages < kFlushPages) return;
  g.stale_pages = 0;
  for (u32 c = 0; c != g.chunks; ++c) {
    if (g.tables[c] == 0 || stale(meta(c)) == 0) continue;
    flushing(meta(c)) = std::exchange(stale(meta(c)), u16{0});
    u64* t = table(c);
    for (u32 i = 0; i != kEntries; ++i)
      if (load(t[i]) == kStale) store(t[i], kFlushing);
  }
  g.flushing = true;
  target::forget_pieces();
}

bool wholly_free(u32 chunk) { return g.tables[chunk] == 0 || largest(meta(chunk)) == kChunkOrder + 1; }

// The first page of a free run, taken now.
u64 take_chunks(u32 order) {
  const u32 n = 1U << (order - kChunkOrder);
  for (u32 c = 0; c + n <= g.chunks; c += n) {
    u32 free = 0;
    while (free != n && wholly_free(c + free)) ++free;
    if (free != n) continue;
    for (u32 i = c; i != c + n; ++i) {
      if (g.tables[i] == 0) make_chunk(i);
      set_all(u64{i} * kEntries, kEntries, kTaken);
      largest(meta(i)) = 0;
    }
    return u64{c} * kEntries;
  }
  panic("heap: no addresses are left for a block in pieces");
}

u64 take_run(u32 order) {
  if (order > kChunkOrder) return take_chunks(order);
  u32 chunk = g.chunks;
  for (u32 c = 0; c != g.chunks && chunk == g.chunks; ++c)
    if (g.tables[c] != 0 && largest(meta(c)) > order) chunk = c;
  for (u32 c = 0; c != g.chunks && chunk == g.chunks; ++c)
    if (g.tables[c] == 0) make_chunk(chunk = c);
  if (chunk == g.chunks) panic("heap: no addresses are left for a block in pieces");
  const u64* t = table(chunk);
  const u32 n = 1U << order;
  for (u32 i = 0; i != kEntries; i += n) {
    u32 free = 0;
    while (free != n && load(t[i + free]) == kFree) ++free;
    if (free != n) continue;
    const u64 first = u64{chunk} * kEntries + i;
    set_all(first, n, kTaken);
    note_largest(chunk);
    return first;
  }
  panic("heap: the record of a chunk is wrong");
}

struct Block {
  u64 first;  // page of the area
  u64 pfn;    // of its first frame, which knows the number of pages; the others follow by FrameMeta::next
  usize pages;
};
Block block_at(const void* p) {
  // SAFETY: numbers; the caller says that p is in the area.
  const u64 offset = reinterpret_cast<u64>(p) - reinterpret_cast<u64>(g_pieces.base);
  const u64 page = offset >> kPageShift;
  if ((offset & kPageMask) != 0 || g.tables[page / kEntries] == 0) panic("heap: freed what was never allocated");
  const u64 e = load(entry(page));
  if ((e & kPresent) == 0) panic("heap: freed what was never allocated");
  const u64 pfn = frame_of_entry(e);
  const FrameMeta& m = frame_meta(pfn);
  if (m.kind != FrameKind::piece || m.word == 0) panic("heap: freed the inside of a block");
  return {page, pfn, m.word};
}

}  // namespace

void pieces_init(usize frames) {
  // Nine times the machine's memory (a run of each order left in every chunk), and what waits for a flush.
  g.chunks = static_cast<u32>(frames / kEntries * 9 + 64);
  // SAFETY: zeroed memory, ours for ever.
  g.tables = static_cast<u32*>(target::early_alloc(usize{g.chunks} * sizeof(u32)));
  const u64 size = u64{g.chunks} << (kPageShift + kChunkOrder);
  u8* base = target::piece_area(size, kPageSize << kPieceOrderMax);
  if (!base) panic("no addresses for blocks in pieces");
  g_pieces = {base, size};
}

void pieces_prepare(usize frames) {
  for (u32 c = 0; c != frames / 4096 + 2 && c != g.chunks; ++c) make_chunk(c);
}

void* pieces_alloc(usize pages, u32 order) {
  u64 first = 0;
  {
    LeafLock l(g.lock);
    settle();
    first = take_run(order);
  }
  u64 head = 0, last = 0;
  for (usize i = 0; i != pages; ++i) {
    const u64 pfn = frame_alloc(FrameKind::piece);
    FrameMeta& m = frame_meta(pfn);
    m.next = 0;
    m.word = 0;
    if (last != 0) frame_meta(last).next = static_cast<u32>(pfn);
    else head = pfn;
    last = pfn;
    store(entry(first + i), target::piece_entry(PhysAddr{pfn << kPageShift}));
  }
  frame_meta(head).word = pages;
  u8* at = g_pieces.base + (first << kPageShift);
  for (usize done = 0; done != pages;) {
    const usize room = kEntries - (first + done) % kEntries, n = pages - done < room ? pages - done : room;
    target::map_pieces(at + (done << kPageShift), {&entry(first + done), n});
    done += n;
  }
  return at;
}

void pieces_free(void* p) {
  const Block b = block_at(p);
  frame_meta(b.pfn).word = 0;
  set_all(b.first, b.pages, kTaken);
  // SAFETY: a block begins there: it is pages of bytes.
  target::unmap_pieces(static_cast<u8*>(p), b.pages);
  for (u64 pfn = b.pfn; pfn != 0;) {
    const u64 next = frame_meta(pfn).next;
    frame_free(pfn);
    pfn = next;
  }
  const u32 run = 1U << order_of(b.pages);
  LeafLock l(g.lock);
  set_all(b.first, run, kStale);
  for (u64 at = b.first; at < b.first + run; at += kEntries)
    stale(meta(static_cast<u32>(at / kEntries))) += static_cast<u16>(run < kEntries ? run : kEntries);
  g.stale_pages += run;
  settle();
}

usize pieces_size(const void* p) { return block_at(p).pages << kPageShift; }

}  // namespace ostd::common
