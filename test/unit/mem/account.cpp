// SPDX-License-Identifier: MPL-2.0
#include <common/account.h>
#include <common/frame_alloc.h>
#include <common/heap.h>
#include <machine.h>
#include <thread>
#include <unit.h>

using namespace ostd;

namespace {
usize charged(const Account& a) {
  const AccountStats s = a.stats();
  return s.used_pages + s.committed_pages + s.reserved_pages;
}
}  // namespace

TEST_CASE("a reservation covers what is allocated afterwards") {
  fake::OnCpu cpu;
  const Ref<Account> a = Account::create(fake::root(), 1000);
  const u64 over = mem::stats().over_budget;
  fake::as_task(*a, [&] {
    REQUIRE(mem::reserve(10).ok());
    CHECK(mem::credit() >= 10);
    std::vector<UFrame> held;
    for (u32 i = 0; i < 10; ++i) held.push_back(UFrame::alloc());
    CHECK(mem::stats().over_budget == over);
    mem::unreserve();
    CHECK(a->stats().used_pages == 10);
    held.clear();
    mem::unreserve();
    CHECK(a->stats().used_pages == 0);
  });
  CHECK(mem::stats().over_budget == over);
}

TEST_CASE("pages that are freed take nothing away from what is reserved") {
  fake::OnCpu cpu;
  const Ref<Account> a = Account::create(fake::root(), 5000);
  const u64 over = mem::stats().over_budget;
  fake::as_task(*a, [&] {
    REQUIRE(mem::reserve(1000).ok());
    for (usize pages = 1; pages <= 256; pages *= 2) common::heap_free(common::heap_alloc(pages * kPageSize));
    CHECK(mem::credit() >= 1000);
    std::vector<UFrame> held;
    held.reserve(800);
    for (u32 i = 0; i < 800; ++i) held.push_back(UFrame::alloc(Zero::no));
    held.clear();
    CHECK(mem::credit() >= 900);
    mem::settle();
    CHECK(mem::credit() <= 64);
    mem::unreserve();
    CHECK(a->stats().reserved_pages == 0);
  });
  CHECK(mem::stats().over_budget == over);
}

TEST_CASE("a refused reservation changes nothing and is counted") {
  fake::OnCpu cpu;
  const Ref<Account> a = Account::create(fake::root(), 50);
  fake::as_task(*a, [&] {
    REQUIRE(mem::reserve(40).ok());
    const usize credit = mem::credit();
    CHECK(mem::reserve(51).error() == Errc::out_of_memory);
    CHECK(mem::credit() == credit);
    CHECK(a->stats().refusals >= 1);
    CHECK(mem::reserve(50).ok());  // exactly the limit
  });
}

TEST_CASE("the limit of every ancestor holds") {
  fake::OnCpu cpu;
  const Ref<Account> parent = Account::create(fake::root(), 100);
  const Ref<Account> a = Account::create(parent, 1000);
  const Ref<Account> b = Account::create(parent, 1000);
  fake::as_task(*a, [&] {
    REQUIRE(mem::reserve(70).ok());
    fake::as_task(*b, [&] {
      CHECK(mem::reserve(31).error() == Errc::out_of_memory);
      CHECK(charged(*b) == 0);
      CHECK(mem::reserve(30).ok());
    });
  });
  CHECK(parent->stats().refusals >= 1);
  CHECK(parent->stats().used_pages == 0);
}

TEST_CASE("what tasks and CPUs have not given back yet does not make a reservation fail") {
  fake::OnCpu cpu;
  const Ref<Account> a = Account::create(fake::root(), 100);
  for (u32 round = 0; round < 10; ++round) {
    std::thread([&] {
      fake::OnCpu other(1 + round % 3);
      bool ok = false;
      fake::as_task(*a, [&] { ok = mem::reserve(90).ok(); });  // the rest: heap pages that fell to the account
      if (!ok) panic("refused");
    }).join();
  }
  fake::as_task(*a, [&] { CHECK(mem::reserve(90).ok()); });
}

TEST_CASE("frames go back to the account that paid, whoever frees them") {
  fake::OnCpu cpu;
  const Ref<Account> a = Account::create(fake::root(), 100);
  const Ref<Account> b = Account::create(fake::root(), 100);
  std::vector<UFrame> held;
  fake::as_task(*a, [&] {
    REQUIRE(mem::reserve(80).ok());
    for (u32 i = 0; i < 80; ++i) held.push_back(UFrame::alloc());
    mem::unreserve();
    CHECK(mem::reserve(21).error() == Errc::out_of_memory);
  });
  CHECK(a->stats().used_pages >= 80);
  fake::as_task(*b, [&] {
    held.clear();
    CHECK(mem::credit() == 0);
  });
  fake::as_task(*a, [&] { CHECK(mem::reserve(90).ok()); });
}

TEST_CASE("an account lives on until the last page charged to it is freed") {
  fake::OnCpu cpu;
  const usize before = fake::root()->stats().used_pages;
  Opt<UFrame> f;
  {
    const Ref<Account> a = Account::create(fake::root(), 100);
    fake::as_task(*a, [&] {
      REQUIRE(mem::reserve(5).ok());
      f = UFrame::alloc();
    });
  }
  fake::free_frames();
  CHECK(fake::root()->stats().used_pages > before);
  f.reset();
  fake::free_frames();
}

TEST_CASE("using more than was reserved is counted, charged, and balanced by freeing") {
  fake::OnCpu cpu;
  const Ref<Account> a = Account::create(fake::root(), 10);
  const u64 over = mem::stats().over_budget;
  fake::as_task(*a, [&] {
    std::vector<UFrame> held;
    for (u32 i = 0; i < 15; ++i) held.push_back(UFrame::alloc());
    CHECK(mem::stats().over_budget == over + 15);
    CHECK(mem::reserve(1).error() == Errc::out_of_memory);
    held.clear();
    CHECK(mem::reserve(10).ok());
  });
}

TEST_CASE("a Commit promises pages, and what it covers draws no credit") {
  fake::OnCpu cpu;
  const Ref<Account> a = Account::create(fake::root(), 100);
  fake::as_task(*a, [&] {
    Result<Commit> c = Commit::take(a, 60);
    REQUIRE(c.ok());
    CHECK(a->stats().committed_pages == 60);
    CHECK(Commit::take(a, 41).error() == Errc::out_of_memory);
    const u64 over = mem::stats().over_budget;
    {
      const UFrame f = c.value().alloc();
      CHECK(mem::stats().over_budget == over);
    }
    REQUIRE(c.value().extend(40).ok());
    CHECK(c.value().extend(1).error() == Errc::out_of_memory);
    Commit half = c.value().split(50);
    CHECK(half.pages() == 50);
    CHECK(c.value().pages() == 50);
    c.value().shrink(20);
    CHECK(a->stats().committed_pages == 80);
    half.merge(std::move(c).value());
    CHECK(half.pages() == 80);
    CHECK(a->stats().committed_pages == 80);
  });
  CHECK(a->stats().committed_pages == 0);
  fake::as_task(*a, [&] { CHECK(mem::reserve(100).ok()); });
}

TEST_CASE("the denial sweep refuses exactly the n-th reservation") {
  fake::OnCpu cpu;
  const Ref<Account> a = Account::create(fake::root(), 1000);
  fake::as_task(*a, [&] {
    mem::deny_nth(3);
    CHECK(mem::reserve(1).ok());
    CHECK(Commit::take(a, 1).ok());
    CHECK(mem::reserve(1).error() == Errc::out_of_memory);
    CHECK(mem::reserve(1).ok());
    CHECK(mem::reservations_made() == 4);
    mem::deny_nth(1);
    CHECK(Commit::take(a, 1).error() == Errc::out_of_memory);
    mem::deny_nth(0);
    CHECK(mem::reserve(1).ok());
  });
}

namespace {
struct Cache final : Reclaimer {
  mutable std::vector<UFrame> pages;
  usize reclaim(usize n) const override {
    usize freed = 0;
    while (freed < n && !pages.empty()) {
      pages.pop_back();
      ++freed;
    }
    return freed;
  }
};
}  // namespace

TEST_CASE("caches shrink before a reservation is refused") {
  fake::OnCpu cpu;
  static const Ref<Cache> cache = make_ref<Cache>();
  mem::add_reclaimer(cache);
  const Ref<Account> a = Account::create(fake::root(), 200);
  fake::as_task(*a, [&] {
    REQUIRE(mem::reserve(150).ok());
    for (u32 i = 0; i < 150; ++i) cache->pages.push_back(UFrame::alloc());
    CHECK(mem::reserve(120).ok());
    CHECK(cache->pages.size() < 150);
    CHECK(mem::reserve(201).error() == Errc::out_of_memory);
    cache->pages.clear();
  });
}

TEST_CASE("the root account never promises more than there is") {
  fake::OnCpu cpu;
  const AccountStats s = fake::root()->stats();
  CHECK(s.limit_pages < mem::stats().total_pages);
  CHECK(mem::reserve(s.limit_pages + 1).error() == Errc::out_of_memory);
  // Everything that can be reserved can be used.
  usize most = mem::stats().total_pages;
  while (most && !mem::reserve(most).ok()) most -= 16;
  CHECK(most > mem::stats().total_pages / 2);
  const u64 over = mem::stats().over_budget;
  {
    std::vector<UFrame> held;
    held.reserve(most);
    const usize n = mem::credit();
    for (usize i = 0; i < n; ++i) held.push_back(UFrame::alloc(Zero::no));
    CHECK(mem::stats().over_budget == over);
  }
  mem::unreserve();
}
