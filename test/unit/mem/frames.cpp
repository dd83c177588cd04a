// SPDX-License-Identifier: MPL-2.0
#include <common/frame_alloc.h>
#include <cstring>
#include <machine.h>
#include <set>
#include <thread>
#include <unit.h>

using namespace ostd;

namespace {
bool all_are(const UFrame& f, u8 value) {
  std::vector<u8> bytes(f.size());
  f.read(0, bytes);
  for (u8 b : bytes)
    if (b != value) return false;
  return true;
}
}  // namespace

TEST_CASE("a new frame is zeroed and its own") {
  fake::OnCpu cpu;
  const UFrame a = UFrame::alloc();
  CHECK(all_are(a, 0));
  std::vector<u8> ones(4096, 1);
  a.write(0, ones);
  const UFrame b = UFrame::alloc();
  CHECK(all_are(a, 1));
  CHECK(all_are(b, 0));
  CHECK_FALSE(a.same(b));
}

TEST_CASE("copies of a handle share the frame, and the last one frees it") {
  fake::OnCpu cpu;
  const usize before = fake::free_frames();
  {
    UFrame a = UFrame::alloc();
    CHECK(a.share_count() == 1);
    {
      const UFrame b = a;
      CHECK(b.same(a));
      CHECK(a.share_count() == 2);
    }
    CHECK(a.share_count() == 1);
    const UFrame c = std::move(a);
    CHECK(c.share_count() == 1);
    CHECK(fake::free_frames() == before - 1);
  }
  CHECK(fake::free_frames() == before);
}

TEST_CASE("folios are naturally aligned and give all their memory back") {
  fake::OnCpu cpu;
  const usize before = fake::free_frames();
  for (u32 order = 0; order <= kMaxOrder; ++order) {
    const Opt<UFrame> f = UFrame::alloc_folio(order);
    REQUIRE(f);
    CHECK(f->size() == 4096UL << order);
    CHECK(f->id() % (1UL << order) == 0);
    CHECK(all_are(*f, 0));
    f->write(f->size() - 3, std::vector<u8>{7, 8, 9});
    CHECK(fake::free_frames() == before - (1UL << order));
  }
  CHECK(fake::free_frames() == before);
}

TEST_CASE("frames given out at the same time never overlap") {
  fake::OnCpu cpu;
  const usize before = fake::free_frames();
  {
    test::Rng rng(1);
    std::vector<UFrame> held;
    std::set<u64> pages;
    for (u32 round = 0; round < 4000; ++round) {
      if (held.size() > 200 || (!held.empty() && rng.below(3) == 0)) {
        const u32 i = rng.below(static_cast<u32>(held.size()));
        for (u64 p = 0; p < held[i].size() / 4096; ++p) pages.erase(held[i].id() + p);
        std::swap(held[i], held.back());
        held.pop_back();
      } else {
        Opt<UFrame> f = UFrame::alloc_folio(rng.below(5), Zero::no);
        REQUIRE(f);
        for (u64 p = 0; p < f->size() / 4096; ++p) REQUIRE(pages.insert(f->id() + p).second);
        held.push_back(std::move(*f));
      }
    }
  }
  CHECK(fake::free_frames() == before);
}

TEST_CASE("when no folio is left there is none, and single frames go on") {
  fake::OnCpu cpu;
  const usize before = fake::free_frames();
  {
    std::vector<UFrame> held;
    while (Opt<UFrame> f = UFrame::alloc_folio(kMaxOrder, Zero::no)) held.push_back(std::move(*f));
    CHECK(held.size() >= 20);
    const UFrame one = UFrame::alloc();
    CHECK(one.size() == 4096);
  }
  CHECK(fake::free_frames() == before);
  CHECK(UFrame::alloc_folio(kMaxOrder).has_value());  // buddies have joined again
}

TEST_CASE("frames allocated in a row are mostly contiguous") {
  fake::OnCpu cpu;
  std::vector<UFrame> held;
  for (u32 i = 0; i < 256; ++i) held.push_back(UFrame::alloc(Zero::no));
  u32 joined = 0;
  for (u32 i = 1; i < held.size(); ++i) joined += held[i].id() == held[i - 1].id() + 1;
  CHECK(joined > 128);
}

TEST_CASE("freeing a frame twice is a panic") {
  fake::OnCpu cpu;
  const u64 pfn = common::frame_alloc(common::FrameKind::meta);
  common::frame_free(pfn);
  CHECK_PANICS(common::frame_free(pfn));
  CHECK_PANICS(common::frame_free(0));
  CHECK_PANICS(common::frame_free(1));                 // never was memory
  CHECK_PANICS(common::frame_free(UINT64_MAX));
}

TEST_CASE("copying within frames checks its bounds") {
  fake::OnCpu cpu;
  const UFrame f = UFrame::alloc();
  u8 b[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  f.write(4088, b);
  CHECK_PANICS(f.write(4089, b));
  CHECK_PANICS(f.read(SIZE_MAX - 3, b));
  const UFrame g = UFrame::alloc();
  g.copy_from(f);
  u8 c[8] = {};
  g.read(4088, c);
  CHECK(std::memcmp(b, c, 8) == 0);
  f.zero(4090, 3);
  f.read(4088, c);
  CHECK(c[1] == 2);
  CHECK(c[2] == 0);
  CHECK(c[4] == 0);
  CHECK(c[5] == 6);
}

TEST_CASE("CPUs allocate and free at the same time without losing frames") {
  fake::OnCpu cpu;
  const usize before = fake::free_frames();
  std::vector<std::thread> threads;
  for (u32 i = 1; i < 4; ++i)
    threads.emplace_back([i] {
      fake::OnCpu me(i);
      test::Rng rng(i);
      std::vector<UFrame> held;
      for (u32 round = 0; round < 20000; ++round) {
        if (held.size() < rng.below(300)) held.push_back(UFrame::alloc(Zero::no));
        else if (!held.empty()) held.pop_back();
      }
      held.clear();
    });
  for (auto& t : threads) t.join();
  CHECK(fake::free_frames() == before);
}
