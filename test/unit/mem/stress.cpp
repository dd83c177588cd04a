// SPDX-License-Identifier: MPL-2.0
// Several CPUs on one address space: made to be run under ThreadSanitizer and AddressSanitizer too.
#include <common/page_table.h>
#include <machine.h>
#include <ostd/user_io.h>
#include <thread>
#include <unit.h>

using namespace ostd;

namespace {
constexpr VirtAddr kBase{0x5000'0000};
constexpr Prot kR{true, false, false}, kRW{true, true, false};
VirtRange pages(u64 first, u64 n) { return {kBase + first * kPageSize, kBase + (first + n) * kPageSize}; }

void on_cpus(const std::function<void(u32)>& f) {
  std::vector<std::thread> threads;
  for (u32 i = 1; i < 4; ++i)
    threads.emplace_back([&f, i] {
      fake::OnCpu me(i);
      f(i);
    });
  for (auto& t : threads) t.join();
}
}  // namespace

TEST_CASE("cursors over overlapping ranges exclude each other") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> as = AddressSpace::create().value();
  constexpr u64 kCells = 8;
  u64 cells[kCells] = {};  // each is protected by the range lock on its page
  on_cpus([&](u32 me) {
    test::Rng rng(me);
    for (u32 round = 0; round < 5000; ++round) {
      const u64 first = rng.below(kCells), n = 1 + rng.below(static_cast<u32>(kCells - first));
      Cursor c(*as, pages(first, n));
      for (u64 i = first; i < first + n; ++i) ++cells[i];
    }
  });
  u64 sum = 0;
  for (u64 c : cells) sum += c;
  CHECK(sum > 15000);
}

TEST_CASE("copies race with mapping, unmapping and fork, and only ever see whole frames of their own") {
  fake::OnCpu cpu;
  const usize before = fake::free_frames();
  {
    const Ref<AddressSpace> as = AddressSpace::create().value();
    constexpr u64 kPages = 40;
    on_cpus([&](u32 me) {
      test::Rng rng(me);
      for (u32 round = 0; round < 3000; ++round) {
        const u64 i = rng.below(kPages);
        const VirtAddr at = pages(i, 1).begin;
        if (me == 1) {
          switch (rng.below(5)) {
            case 0: { Cursor(*as, pages(0, 512)).unmap(pages(0, 512)); break; }
            case 1: { Cursor(*as, pages(i, 1)).unmap(pages(i, 1)); break; }
            case 2: { Cursor(*as, pages(0, kPages)).protect(pages(i, kPages - i), rng.below(2) ? kR : kRW); break; }
            case 3: {
              const Ref<AddressSpace> child = AddressSpace::create().value();
              Cursor from(*as, pages(0, kPages));
              Cursor to(*child, pages(0, kPages));
              from.clone_into(to, pages(0, kPages), Cursor::Clone::copy_on_write);
              break;
            }
            case 4: (void)common::pte_claim_run(as->core(), at, Access::read, pages(0, kPages)); break;
          }
        } else if (rng.below(3) == 0) {
          // Every byte of a frame is the low byte of its number, so that foreign memory would be seen.
          UFrame f = UFrame::alloc(Zero::no);
          const std::vector<u8> fill(kPageSize, static_cast<u8>(f.id()));
          f.write(0, fill);
          Cursor(*as, pages(i, 1)).map(at, std::move(f), kRW);
        } else {
          u8 bytes[64];
          if (user::read_bytes(*as, at + rng.below(4000), bytes).ok())
            for (u8 b : bytes)
              if (b != bytes[0]) panic("a frame was given away while it was read");
          const Result<user::FrameAt> f = user::frame_at(*as, at, Access::read);
          if (f.ok() && f.value().frame.share_count() == 0) panic("a handle to a free frame");
        }
      }
    });
  }
  CHECK(fake::free_frames() == before);
}

TEST_CASE("neighbours make the same upper tables at the same time") {
  fake::OnCpu cpu;
  const usize before = fake::free_frames();
  for (u32 round = 0; round < 100; ++round) {
    const Ref<AddressSpace> as = AddressSpace::create().value();
    on_cpus([&](u32 me) {
      for (u64 i = 0; i < 4; ++i) {
        const VirtRange r = pages(i * 3 + me - 1, 1);
        Cursor(*as, r).map(r.begin, UFrame::alloc(Zero::no), kRW);
      }
    });
    REQUIRE(as->mapped_pages() == 12);
    REQUIRE(as->table_pages() == 4);
  }
  CHECK(fake::free_frames() == before);
}
