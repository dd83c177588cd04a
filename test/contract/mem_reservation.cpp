// SPDX-License-Identifier: MPL-2.0
// ostd/reservation.h: accounts, credit, commits. Heap pages that fall to an account make exact counts impossible: tests leave room.
#include "contract.h"
#include <base/vec.h>
#include <ostd/frame.h>
#include <ostd/sync.h>

using namespace ostd;

namespace {
// Runs f as a task paid for by `account`.
void as_task(const Ref<Account>& account, Fn<void()> f) {
  Result<Ref<Task>> t = Task::spawn({.name = "payer"}, account, std::move(f));
  OSTD_CHECK(t.ok());
  CHECK(t.value()->join().ok());
}
}  // namespace

TEST_CASE("a reservation covers what is allocated after it") {
  const Ref<Account> a = Account::create(contract::account(), 1000);
  as_task(a, [] {
    const u64 over = mem::stats().over_budget;
    CHECK(mem::reserve(100).ok());
    CHECK(mem::credit() >= 100);
    Vec<UFrame> held;
    for (u32 i = 0; i < 90; ++i) held.push_back(UFrame::alloc(Zero::no));
    CHECK(mem::stats().over_budget == over);
  });
}

TEST_CASE("a reservation beyond the limit is refused and changes nothing") {
  const Ref<Account> a = Account::create(contract::account(), 100);
  as_task(a, [a] {
    CHECK(mem::reserve(50).ok());
    const usize credit = mem::credit();
    CHECK(mem::reserve(1001).error() == Errc::out_of_memory);
    CHECK(mem::credit() == credit);
    CHECK(a->stats().refusals >= 1);
  });
}

TEST_CASE("the end of an operation gives back what is left of a large reservation") {
  const Ref<Account> a = Account::create(contract::account(), 3000);
  as_task(a, [a] {
    CHECK(mem::reserve(2000).ok());
    CHECK(Commit::take(a, 1500).error() == Errc::out_of_memory);
    mem::settle();
    const usize kept = mem::credit();
    CHECK(kept < 200);
    CHECK(Commit::take(a, 1500).ok());
    mem::settle();  // nothing is left to give
    CHECK(mem::credit() == kept);
  });
}

TEST_CASE("every ancestor's limit holds") {
  const Ref<Account> parent = Account::create(contract::account(), 200);
  const Ref<Account> a = Account::create(parent, 1000), b = Account::create(parent, 1000);
  as_task(a, [b] {
    CHECK(mem::reserve(120).ok());
    const Result<Commit> big = Commit::take(b, 100);
    CHECK(big.error() == Errc::out_of_memory);
    const Result<Commit> small = Commit::take(b, 20);
    CHECK(small.ok());
  });
}

TEST_CASE("an account's pages come back when its tasks and frames are gone") {
  const Ref<Account> a = Account::create(contract::account(), 300);
  Vec<UFrame> kept;
  for (u32 round = 0; round < 5; ++round) {
    as_task(a, [&kept] {
      CHECK(mem::reserve(200).ok());
      for (u32 i = 0; i < 150; ++i) kept.push_back(UFrame::alloc(Zero::no));
    });
    CHECK(a->stats().used_pages >= 150);
    kept.clear();
  }
  CHECK(a->stats().used_pages < 50);
}

TEST_CASE("a commit promises pages until it dies") {
  const Ref<Account> a = Account::create(contract::account(), 500);
  {
    Result<Commit> c = Commit::take(a, 300);
    REQUIRE(c.ok());
    CHECK(a->stats().committed_pages == 300);
    CHECK(Commit::take(a, 201).error() == Errc::out_of_memory);
    const Commit part = c.value().split(100);
    c.value().shrink(150);
    CHECK(a->stats().committed_pages == 150);
    const UFrame f = part.alloc();
    CHECK(f.share_count() == 1);
  }
  CHECK(a->stats().committed_pages == 0);
}

TEST_CASE("the n-th reservation is refused when a test asks for it") {
  mem::deny_nth(2);
  CHECK(mem::reserve(1).ok());
  CHECK(mem::reserve(1).error() == Errc::out_of_memory);
  CHECK(mem::reserve(1).ok());
  CHECK(mem::reservations_made() == 3);
  mem::deny_nth(0);
}

TEST_CASE("more memory than the machine has cannot be reserved") {
  CHECK(mem::reserve(mem::stats().total_pages).error() == Errc::out_of_memory);
  CHECK(mem::reserve(10).ok());
}

TEST_CASE("a commit grows, joins another of its account and is replaced") {
  const Ref<Account> a = Account::create(contract::account(), 500);
  Result<Commit> made = Commit::take(a, 100);
  REQUIRE(made.ok());
  Commit c = std::move(made).value();
  CHECK(c.extend(200).ok());
  CHECK(c.pages() == 300);
  CHECK(c.extend(201).error() == Errc::out_of_memory);
  CHECK(c.pages() == 300);
  Commit part = c.split(50);
  c.merge(std::move(part));
  c.merge(Commit());
  CHECK(c.pages() == 300);
  Commit none;
  none.merge(std::move(c));
  CHECK(none.pages() == 300);
  CHECK(a->stats().committed_pages == 300);
  none = Commit();
  CHECK(a->stats().committed_pages == 0);
}

TEST_CASE("a limit can be raised and lowered; what is granted stays") {
  const Ref<Account> a = Account::create(contract::account(), 100);
  CHECK(Commit::take(a, 200).error() == Errc::out_of_memory);
  const auto limits = Cap<Account, accounts::limit>::mint(RootKey(), a);
  limits.set_limit(300);
  CHECK(a->stats().limit_pages == 300);
  const Result<Commit> c = Commit::take(a, 200);
  CHECK(c.ok());
  limits.set_limit(50);
  CHECK(a->stats().committed_pages == 200);
  CHECK(Commit::take(a, 1).error() == Errc::out_of_memory);
}

namespace {
// Holds pages of an account until it is asked for them.
struct Cache final : Reclaimer {
  SpinLocked<Vec<UFrame>, Rank{100}> held{};
  Atomic<u32> asked{0};
  usize reclaim(usize pages) const override {
    asked.fetch_add(1);
    Vec<UFrame> gone;
    held.with([&](Vec<UFrame>& v) {
      while (!v.empty() && gone.size() < pages) gone.push_back(v.pop_back());
    });
    return gone.size();
  }
};
}  // namespace

TEST_CASE("caches are asked for memory before a reservation is refused") {
  const Ref<Cache> cache = make_ref<Cache>();
  mem::add_reclaimer(cache);
  const Ref<Account> a = Account::create(contract::account(), 300);
  as_task(a, [cache] {
    CHECK(mem::reserve(220).ok());
    Vec<UFrame> frames;
    for (u32 i = 0; i < 200; ++i) frames.push_back(UFrame::alloc(Zero::no));
    cache->held.with([&](Vec<UFrame>& v) { v = std::move(frames); });
    mem::unreserve();
    CHECK(mem::reserve(200).ok());
    CHECK(cache->asked.load() != 0);
    CHECK(cache->held.with([](const Vec<UFrame>& v) { return v.size(); }) < 200);
    cache->held.with([](Vec<UFrame>& v) { v.clear(); });
  });
}
