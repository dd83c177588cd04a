// SPDX-License-Identifier: MPL-2.0
// ostd/frame.h and the heap behind operator new.
#include "contract.h"
#include <base/vec.h>
#include <ostd/cpu.h>
#include <ostd/frame.h>

using namespace ostd;
using contract::go;

namespace {
bool all_are(const UFrame& f, u8 value) {
  u8 piece[256];
  for (usize at = 0; at < f.size(); at += sizeof piece) {
    f.read(at, piece);
    for (const u8 b : piece)
      if (b != value) return false;
  }
  return true;
}
void fill(const UFrame& f, u8 value) {
  u8 piece[256];
  for (u8& b : piece) b = value;
  for (usize at = 0; at < f.size(); at += sizeof piece) f.write(at, piece);
}
}  // namespace

TEST_CASE("a new frame is zeroed, though others have been used and freed") {
  REQUIRE(mem::reserve(200).ok());
  for (u32 round = 0; round < 4; ++round) {
    Vec<UFrame> held;
    for (u32 i = 0; i < 150; ++i) {
      held.push_back(UFrame::alloc());
      CHECK(all_are(held.back(), 0));
      fill(held.back(), 0xaa);
    }
  }
}

TEST_CASE("copies of a frame handle share its memory") {
  REQUIRE(mem::reserve(4).ok());
  const UFrame a = UFrame::alloc();
  const UFrame b = a;
  CHECK(a.same(b));
  CHECK(a.share_count() == 2);
  fill(a, 3);
  CHECK(all_are(b, 3));
  UFrame c = UFrame::alloc();
  c.copy_from(b);
  CHECK(!c.same(b));
  CHECK(all_are(c, 3));
  c = a;
  CHECK(c.same(b));
  CHECK(a.share_count() == 3);
}

TEST_CASE("folios are naturally aligned, zeroed and of the size asked for") {
  REQUIRE(mem::reserve(2000).ok());
  for (u32 order = 0; order <= kMaxOrder; ++order) {
    const Opt<UFrame> f = UFrame::alloc_folio(order);
    REQUIRE(f.has_value());
    CHECK(f->size() == kPageSize << order);
    CHECK(f->id() % (1ULL << order) == 0);
    CHECK(all_are(*f, 0));
  }
}

TEST_CASE("frames and objects allocated on one CPU are freed on another") {
  if (cpu::count() < 2) return;
  task::current()->set_affinity(CpuSet::only(CpuId{0}));
  const usize before = mem::stats().free_pages;
  for (u32 round = 0; round < 50; ++round) {
    REQUIRE(mem::reserve(300).ok());
    Vec<UFrame> frames;
    Vec<String> objects;
    for (u32 i = 0; i < 200; ++i) frames.push_back(UFrame::alloc(Zero::no));
    for (u32 i = 0; i < 500; ++i) objects.push_back(String("a string too long to be kept inside the object itself"));
    const Ref<Task> t = go([f = std::move(frames), o = std::move(objects)] { CHECK(f.size() + o.size() == 700); },
                           {.name = "frees", .affinity = CpuSet::only(CpuId{1})});
    REQUIRE(t->join().ok());
  }
  mem::unreserve();
  CHECK(mem::stats().free_pages + 400 >= before);
}

TEST_CASE("tasks on all CPUs allocate at once and their memory stays their own") {
  Vec<Ref<Task>> tasks;
  for (u32 n = 0; n < cpu::count() * 2; ++n)
    tasks.push_back(go([n] {
      CHECK(mem::reserve(200).ok());
      Vec<UFrame> frames;
      Vec<Vec<u64>> blocks;
      for (u32 round = 0; round < 300; ++round) {
        if (frames.size() == 100) { frames.clear(); blocks.clear(); }
        UFrame f = UFrame::alloc();
        fill(f, static_cast<u8>(n + round));
        frames.push_back(std::move(f));
        blocks.push_back(Vec<u64>::filled(1 + round % 50, n * 1000 + round));
        if (round % 16 == 0) task::yield();
      }
      const u32 first = 200;
      for (u32 i = 0; i < frames.size(); ++i) CHECK(all_are(frames[i], static_cast<u8>(n + first + i)));
      for (u32 i = 0; i < blocks.size(); ++i)
        for (const u64 v : blocks[i]) CHECK(v == n * 1000 + first + i);
    }));
  for (const Ref<Task>& t : tasks) CHECK(t->join().ok());
}
