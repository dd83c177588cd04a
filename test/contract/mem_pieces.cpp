// SPDX-License-Identifier: MPL-2.0
// Heap blocks larger than a page when no two free frames are neighbours.
#include "helpers.h"
#include <base/vec.h>
#include <common/frame_alloc.h>
#include <common/heap.h>
#include <common/mem_cpu.h>
#include <mem/pieces.h>

using namespace ostd;

namespace {

// Takes all frames but what other CPUs keep, and gives back every other one. Of the CPU that the case stays on.
class Fragmented {
 public:
  Fragmented() {
    while (common::frame_stats().free > 1024) hold(common::frame_alloc(common::FrameKind::meta, common::Charge::nobody));
    for (u32 order = kMaxOrder; order != 0; --order)
      while (const u64 pfn = common::frame_alloc_order(common::FrameKind::meta, order, common::Charge::nobody)) hold(pfn);
    while (common::mem_cpu().frame_count != 0) hold(common::frame_alloc(common::FrameKind::meta, common::Charge::nobody));
    u32 kept = 0;
    for (u32 pfn = std::exchange(first_, 0); pfn != 0;) {
      const u32 next = common::frame_meta(pfn).next;
      if (common::frame_meta(pfn).order == 0 && pfn % 2 == 1) {
        common::frame_free(pfn);
      } else {
        common::frame_meta(pfn).next = kept;
        kept = pfn;
      }
      pfn = next;
    }
    first_ = kept;
  }
  ~Fragmented() {
    while (first_ != 0) common::frame_free(std::exchange(first_, common::frame_meta(first_).next));
  }
  Fragmented(const Fragmented&) = delete;

 private:
  void hold(u64 pfn) {
    common::frame_meta(pfn).next = first_;
    first_ = static_cast<u32>(pfn);
  }
  u32 first_ = 0;
};

void fill(u64* p, usize words, u64 seed) {
  for (usize i = 0; i != words; ++i) p[i] = seed + i;
}
bool filled(const u64* p, usize words, u64 seed) {
  for (usize i = 0; i != words; ++i)
    if (p[i] != seed + i) return false;
  return true;
}
// Blocks of the heap itself: under sanitizers operator new gives theirs.
u64* block(usize bytes) { return static_cast<u64*>(common::heap_alloc(bytes)); }

}  // namespace

TEST_CASE("a block of many pages needs no frames that are neighbours") {
  const contract::OnCpu here(0);
  const Fragmented memory;
  for (const usize bytes : {usize{5000}, usize{70'000}, usize{1} << 20, usize{3} << 20}) {
    const usize pages = (bytes + kPageMask) >> kPageShift;
    REQUIRE(mem::reserve(pages + 64).ok());  // the task, and its credit on the way, may need some
    const usize free = mem::stats().free_pages, heap = mem::stats().heap_bytes, credit = mem::credit();
    const u64 over = mem::stats().over_budget;
    u64* p = block(bytes);
    CHECK(common::in_pieces(p));
    CHECK(common::heap_size(p) == pages << kPageShift);
    CHECK(mem::stats().free_pages == free - pages);
    CHECK(mem::stats().heap_bytes == heap + (pages << kPageShift));
    CHECK(mem::credit() == credit - pages);
    fill(p, bytes / 8, bytes);
    CHECK(filled(p, bytes / 8, bytes));
    common::heap_free(p);
    CHECK(mem::stats().free_pages == free);
    CHECK(mem::stats().heap_bytes == heap);
    CHECK(mem::stats().over_budget == over);
    mem::unreserve();
  }
}

TEST_CASE("blocks in pieces lie apart, are aligned and keep their bytes") {
  const contract::OnCpu here(0);
  const Fragmented memory;
  struct Held { u64* p; usize words; };
  Held held[32] = {};
  REQUIRE(mem::reserve(32 * 70).ok());
  for (u32 round = 0; round < 3000; ++round) {
    Held& h = held[round * 7 % 32];
    if (h.p) {
      REQUIRE(filled(h.p, h.words, h.words));
      common::heap_free(h.p);
    }
    h.words = 600 + round * 37 % 30'000;
    h.p = block(h.words * 8);
    usize natural = kPageSize;
    while (natural < h.words * 8) natural *= 2;
    CHECK(reinterpret_cast<u64>(h.p) % natural == 0);
    fill(h.p, h.words, h.words);
    REQUIRE(mem::reserve(70).ok());
  }
  for (const Held& h : held) {
    if (!h.p) continue;
    CHECK(filled(h.p, h.words, h.words));
    common::heap_free(h.p);
  }
}

TEST_CASE("a long Vec grows in fragmented memory") {
  const contract::OnCpu here(0);
  REQUIRE(mem::reserve(2000).ok());
  const usize heap = mem::stats().heap_bytes;
  {
    const Fragmented memory;
    Vec<u64> v;
    for (u64 i = 0; i < 300'000; ++i) v.push_back(i * i);
    bool same = true;
    for (u64 i = 0; i < 300'000; ++i) same = same && v[i] == i * i;
    CHECK(same);
  }
  CHECK(mem::stats().heap_bytes == heap);
}

TEST_CASE("no CPU remembers what was mapped where a block in pieces is made anew") {
  if (cpu::count() < 2) return;
  constexpr usize kWords = 4 * kPageSize / 8;
  const contract::OnCpu here(0);
  const Fragmented memory;
  REQUIRE(mem::reserve(256).ok());
  const Atomic<u64> turn{0};  // even: this CPU's
  u64* at = block(kWords * 8);  // handed over with the turn
  REQUIRE(common::in_pieces(at));
  const Ref<Task> other = contract::go([&] {
    for (u64 round = 0; round < 20; ++round) {
      contract::until([&] { return turn.load(Order::acquire) == 2 * round + 1; });
      CHECK(filled(at, kWords, round));
      fill(at, kWords, round + 1000);
      turn.store(2 * round + 2, Order::release);
    }
  }, {.name = "other", .affinity = CpuSet::only(CpuId{1})});
  for (u64 round = 0; round < 20; ++round) {
    fill(at, kWords, round);
    turn.store(2 * round + 1, Order::release);
    contract::until([&] { return turn.load(Order::acquire) == 2 * round + 2; });
    CHECK(filled(at, kWords, round + 1000));
    // The same addresses again, with other frames behind them: those that come free are kept until then.
    u64* const old = at;
    common::heap_free(old);
    u64 frames[8] = {};
    for (u64& f : frames) f = common::frame_alloc(common::FrameKind::meta, common::Charge::nobody);
    u64* now = block(kWords * 8);
    for (u32 tries = 0; now != old && tries < 100'000; ++tries) {
      common::heap_free(now);
      if (tries % 64 == 0) task::yield();
      now = block(kWords * 8);
    }
    CHECK(now == old);
    for (const u64 f : frames) common::frame_free(f);
    at = now;
  }
  CHECK(other->join().ok());
  common::heap_free(at);
}

TEST_CASE("CPUs make and free blocks in pieces at the same time") {
  const contract::OnCpu here(0);
  const Fragmented memory;
  contract::in_parallel(4, [](u32 me) {
    for (u32 round = 0; round < 400; ++round) {
      if (!mem::reserve(64).ok()) return CHECK(false);
      const usize words = 600 + (round * 13 + me * 7) % 6000;
      u64* p = block(words * 8);
      fill(p, words, me);
      if (round % 8 == 0) task::yield();
      CHECK(filled(p, words, me));
      common::heap_free(p);
    }
  });
}
