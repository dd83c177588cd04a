// SPDX-License-Identifier: MPL-2.0
#include <algorithm>
#include <base/hash_map.h>
#include <common/frame_alloc.h>
#include <common/heap.h>
#include <common/mem_cpu.h>
#include <cstring>
#include <machine.h>
#include <memory>
#include <mem/pieces.h>
#include <thread>
#include <unit.h>

using namespace ostd;
using common::heap_alloc;
using common::heap_free;
using common::heap_size;

TEST_CASE("every size gets a block that is aligned, large enough and not wastefully large") {
  fake::OnCpu cpu;
  for (usize n = 0; n <= 10000; n += n < 2100 ? 1 : 37) {
    u8* p = static_cast<u8*>(heap_alloc(n));
    CHECK(reinterpret_cast<u64>(p) % 16 == 0);
    CHECK(heap_size(p) >= n);
    if (n > 16 && n <= 2048) CHECK(heap_size(p) * 2 <= n * 3 + 32);
    std::memset(p, 0xab, n);
    heap_free(p);
  }
}

TEST_CASE("alignments up to two pages hold") {
  fake::OnCpu cpu;
  for (usize align = 16; align <= 8192; align *= 2)
    for (usize n : {1UL, 24UL, 100UL, 700UL, 3000UL, 5000UL}) {
      void* p = heap_alloc(n, align);
      CHECK(reinterpret_cast<u64>(p) % align == 0);
      heap_free(p);
    }
}

TEST_CASE("blocks in use never overlap and keep their bytes") {
  fake::OnCpu cpu;
  test::Rng rng(7);
  struct Block {
    u8* p;
    usize n;
    u8 fill;
  };
  std::vector<Block> held;
  for (u32 round = 0; round < 60000; ++round) {
    if (held.size() > 500 || (!held.empty() && rng.below(2) == 0)) {
      const u32 i = rng.below(static_cast<u32>(held.size()));
      const Block b = held[i];
      bool same = true;
      for (usize k = 0; k < b.n; ++k) same = same && b.p[k] == b.fill;
      REQUIRE(same);
      heap_free(b.p);
      held[i] = held.back();
      held.pop_back();
    } else {
      const usize n = rng.below(20) == 0 ? rng.below(9000) : rng.below(300);
      const u8 fill = static_cast<u8>(round);
      held.push_back({static_cast<u8*>(heap_alloc(n)), n, fill});
      std::memset(held.back().p, fill, n);
    }
  }
  for (const Block& b : held) heap_free(b.p);
}

TEST_CASE("memory that was freed goes back to the frame allocator") {
  fake::OnCpu cpu;
  common::heap_trim();
  std::vector<void*> held;
  held.reserve(20000);
  const usize before = mem::stats().free_pages;
  for (u32 i = 0; i < 20000; ++i) held.push_back(heap_alloc(200));
  CHECK(mem::stats().free_pages <= before - 20000 * 200 / 4096);
  for (void* p : held) heap_free(p);
  common::heap_trim();
  CHECK(mem::stats().free_pages + 16 >= before);  // what the CPU's magazine may keep
}

TEST_CASE("an object freed on another CPU is used again") {
  fake::OnCpu cpu;
  common::heap_trim();
  const usize before = mem::stats().free_pages;
  for (u32 round = 0; round < 20; ++round) {
    std::vector<void*> held;
    for (u32 i = 0; i < 2000; ++i) held.push_back(heap_alloc(64));
    std::thread([&] {
      fake::OnCpu other(1);
      for (void* p : held) heap_free(p);
    }).join();
  }
  common::heap_trim();
  CHECK(mem::stats().free_pages + 32 >= before);
}

TEST_CASE("freeing twice, the inside of a block or what is no block is a panic") {
  fake::OnCpu cpu;
  u8* p = static_cast<u8*>(heap_alloc(100));
  u8* q = static_cast<u8*>(heap_alloc(100));
  CHECK_PANICS(heap_free(p + 16));
  heap_free(p);
  CHECK_PANICS(heap_free(p));
  heap_free(q);
  CHECK_PANICS(heap_free(p));
  u8* big = static_cast<u8*>(heap_alloc(20000));
  CHECK_PANICS(heap_free(big + 4096));
  heap_free(big);
  CHECK_PANICS(heap_free(big));
  int local = 0;
  CHECK_PANICS(heap_free(&local));
  const UFrame f = UFrame::alloc();
  CHECK_PANICS(heap_free(f.data()));
}

TEST_CASE("CPUs pass blocks around at the same time") {
  fake::OnCpu cpu;
  std::vector<std::thread> threads;
  struct Mail {
    target::RawSpin lock;
    std::vector<u64*> items;
  };
  auto mail = std::make_unique<Mail[]>(4);
  for (u32 i = 1; i < 4; ++i)
    threads.emplace_back([i, &mail] {
      fake::OnCpu me(i);
      test::Rng rng(i);
      for (u32 round = 0; round < 20000; ++round) {
        const usize words = 2 + rng.below(60);
        u64* p = static_cast<u64*>(heap_alloc(words * 8));
        p[0] = words;
        for (usize k = 1; k < words; ++k) p[k] = words ^ k;
        Mail& to = mail[1 + rng.below(3)];
        to.lock.lock();
        to.items.push_back(p);
        to.lock.unlock();
        Mail& mine = mail[i];
        mine.lock.lock();
        std::vector<u64*> got;
        got.swap(mine.items);
        mine.lock.unlock();
        for (u64* g : got) {
          for (usize k = 1; k < g[0]; ++k)
            if (g[k] != (g[0] ^ k)) panic("a block changed under its owner");
          heap_free(g);
        }
      }
    });
  for (auto& t : threads) t.join();
  for (u32 i = 1; i < 4; ++i)
    for (u64* g : mail[i].items) heap_free(g);
}

namespace {
// Holds every other frame of the fake machine, and the rest of what lies together.
struct Fragmented {
  Fragmented() {
    all.reserve(20000);  // before there is nothing but fragments
    held.reserve(20000);
    while (common::frame_stats().free > 1024) all.push_back(common::frame_alloc(common::FrameKind::meta, common::Charge::nobody));
    for (u32 order = kMaxOrder; order != 0; --order)
      while (const u64 pfn = common::frame_alloc_order(common::FrameKind::meta, order, common::Charge::nobody)) held.push_back(pfn);
    while (common::mem_cpu().frame_count != 0) all.push_back(common::frame_alloc(common::FrameKind::meta, common::Charge::nobody));
    for (const u64 pfn : all)
      if (pfn % 2 == 0) held.push_back(pfn);
      else common::frame_free(pfn);
  }
  ~Fragmented() {
    for (const u64 pfn : held) common::frame_free(pfn);
  }
  std::vector<u64> all, held;
};
}  // namespace

TEST_CASE("blocks in pieces: what is no block is not freed") {
  fake::OnCpu cpu;
  const Fragmented memory;
  u8* p = static_cast<u8*>(heap_alloc(20000));
  REQUIRE(common::in_pieces(p));
  CHECK(heap_size(p) == 20480);
  CHECK_PANICS(heap_free(p + 8));
  CHECK_PANICS(heap_free(p + 4096));
  CHECK_PANICS(heap_free(p + 5 * 4096));         // between the block and the next power of two
  CHECK_PANICS(heap_free(p + (64 << 20)));       // no table
  CHECK_PANICS(heap_free(p - 4096));
  heap_free(p);
  CHECK_PANICS(heap_free(p));
  CHECK_PANICS(heap_free(common::g_pieces.base + common::g_pieces.size));
}

TEST_CASE("blocks in pieces: addresses are used again once all CPUs have forgotten them, not before") {
  fake::OnCpu cpu;
  std::vector<void*> seen;
  seen.reserve(2000);
  const Fragmented memory;
  fake::slow_to_forget = true;
  bool fresh = true;
  for (u32 i = 0; i < 2000; ++i) {
    void* p = heap_alloc(4 * kPageSize);
    fresh = fresh && std::find(seen.begin(), seen.end(), p) == seen.end();
    seen.push_back(p);
    heap_free(p);
  }
  CHECK(fresh);
  fake::slow_to_forget = false;
  const usize free = common::frame_stats().free;
  for (u32 i = 0; i < 20000; ++i) heap_free(heap_alloc(4 * kPageSize));
  CHECK(common::frame_stats().free == free);  // no new tables
}

TEST_CASE("blocks in pieces of all sizes come and go and never overlap") {
  fake::OnCpu cpu;
  const Fragmented memory;
  test::Rng rng(11);
  struct Block { u8* p; usize n; u8 fill; };
  std::vector<Block> blocks;
  usize pages = 0;
  for (u32 round = 0; round < 4000; ++round) {
    const usize n = (kPageSize << rng.below(12)) / 16 * (9 + rng.below(8));
    if (pages + n / kPageSize > 3000 || rng.below(3) == 0) {
      if (blocks.empty()) continue;
      const u32 i = rng.below(static_cast<u32>(blocks.size()));
      const Block b = blocks[i];
      for (usize k = 0; k < b.n; k += 512) REQUIRE(b.p[k] == b.fill);
      REQUIRE(b.p[b.n - 1] == b.fill);
      heap_free(b.p);
      pages -= b.n / kPageSize;
      blocks[i] = blocks.back();
      blocks.pop_back();
      continue;
    }
    blocks.push_back({static_cast<u8*>(heap_alloc(n)), n, static_cast<u8>(round)});
    REQUIRE((n <= kPageSize || common::in_pieces(blocks.back().p)));
    std::memset(blocks.back().p, blocks.back().fill, n);
    pages += n / kPageSize;
  }
  for (const Block& b : blocks) heap_free(b.p);
}

TEST_CASE("a HashMap grows and shrinks by small blocks") {
  fake::OnCpu cpu;
  const usize large = common::frames_of_kind(common::FrameKind::large), bytes = common::heap_bytes_in_use();
  {
    HashMap<u64, u64> map(1);
    u64 seed = 1;
    usize most = 0;
    for (u64 i = 0; i < 200'000; ++i) {
      if (mem::credit() < 16) REQUIRE(mem::reserve(32).ok());
      const usize before = mem::credit();
      map.insert(seed = seed * 6364136223846793005 + 1, i);
      if (before - mem::credit() > most) most = before - mem::credit();
    }
    CHECK(most <= 3);
    CHECK(common::frames_of_kind(common::FrameKind::large) == large);
    seed = 1;
    for (u64 i = 0; i < 200'000; ++i) REQUIRE(*map.remove(seed = seed * 6364136223846793005 + 1) == i);
  }
  CHECK(common::heap_bytes_in_use() == bytes);
}
