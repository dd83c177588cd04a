// SPDX-License-Identifier: MPL-2.0
// ostd/address_space.h: what a Cursor says of its range and does to it.
#include "helpers.h"
#include "mem_space.h"
#include <common/page_table.h>
#include <common/target.h>

using namespace ostd;
using contract::kBase, contract::kR, contract::kRW, contract::Space;

namespace {
constexpr VirtAddr page(usize n) { return kBase + n * kPageSize; }
constexpr VirtRange pages(usize first, usize end) { return {page(first), page(end)}; }
constexpr usize kFar = 3000;  // pages: other tables lie between
}  // namespace

TEST_CASE("a cursor finds the next mapped page, over empty tables too") {
  const Space s = Space::make();
  Cursor c(*s.as, pages(0, kFar + 10));
  CHECK(!c.next_mapped(page(0)));
  c.map(page(2), UFrame::alloc(), kRW);
  c.map(page(kFar), UFrame::alloc(), kR);
  CHECK(c.mapped(page(2)));
  CHECK(!c.mapped(page(3)));
  CHECK(!c.mapped(page(1500)));
  CHECK(*c.next_mapped(page(0)) == page(2));
  CHECK(*c.next_mapped(page(2)) == page(2));
  CHECK(*c.next_mapped(page(3)) == page(kFar));
  CHECK(!c.next_mapped(page(kFar + 1)));
}

TEST_CASE("a cursor visits the mapped pages of a range in order") {
  const Space s = Space::make();
  Cursor c(*s.as, pages(0, kFar + 10));
  for (const usize n : {kFar, usize{1}, usize{5}}) c.map(page(n), UFrame::alloc(), n == 5 ? kR : kRW);
  usize seen[4] = {}, count = 0;
  u32 shares = 0;
  c.each(pages(1, kFar + 1), [&](VirtAddr at, const Mapping& m) {
    if (count < 4) seen[count++] = (at.value - kBase.value) / kPageSize;
    shares += m.frame.share_count();
    if (at == page(5)) CHECK(!m.prot.write && m.prot.read);
  });
  CHECK(count == 3);
  CHECK((seen[0] == 1 && seen[1] == 5 && seen[2] == kFar));
  CHECK(shares == 3);  // the visit itself is no share
  count = 0;
  c.each(pages(2, 5), [&](VirtAddr, const Mapping&) { ++count; });
  CHECK(count == 0);
}

TEST_CASE("taking write permission leaves the rest of a mapping as it was") {
  const Space s = Space::make();
  REQUIRE(user::write<u32>(*s.as, page(0), 7).ok());
  REQUIRE(user::write<u32>(*s.as, page(1), 8).ok());
  Cursor(*s.as, pages(0, 4)).write_protect(pages(0, 1));
  {
    Cursor c(*s.as, pages(0, 4));
    CHECK(c.query(page(0))->prot == kR);
    CHECK(c.query(page(1))->prot == kRW);
    CHECK(!c.query(page(2)));
  }
  CHECK(user::read<u32>(*s.as, page(0)).value() == 7);
  const u32 faults = s.pager->faults.load();
  CHECK(user::write<u32>(*s.as, page(0), 9).ok());
  CHECK(s.pager->faults.load() == faults + 1);
}

TEST_CASE("dirty and accessed are cleared, told and set again by the next access") {
  const Space s = Space::make();
  REQUIRE(user::write<u32>(*s.as, page(0), 7).ok());
  {
    Cursor c(*s.as, pages(0, 2));
    CHECK(c.query(page(0))->dirty);
    CHECK(c.clean(page(0)));
    CHECK(!c.clean(page(0)));
    CHECK(!c.query(page(0))->dirty);
    CHECK(c.clear_accessed(page(0)));
    CHECK(!c.clear_accessed(page(0)));
    CHECK(!c.query(page(0))->accessed);
    CHECK(!c.clean(page(1)));
    CHECK(!c.clear_accessed(page(1)));
  }
  REQUIRE(user::write<u32>(*s.as, page(0), 8).ok());
  Cursor c(*s.as, pages(0, 2));
  CHECK(c.query(page(0))->dirty);
  CHECK(c.query(page(0))->accessed);
}

TEST_CASE("mapped pages move with their contents; what was at the new place goes") {
  const Space s = Space::make();
  REQUIRE(user::write<u32>(*s.as, page(0), 7).ok());
  REQUIRE(user::write<u32>(*s.as, page(4), 8).ok());
  Cursor(*s.as, pages(0, 8)).move(pages(0, 2), page(4));
  CHECK(s.as->mapped_pages() == 1);
  CHECK(user::read<u32>(*s.as, page(4)).value() == 7);
}

TEST_CASE("a copy-on-write clone shares frames without write permission on either side") {
  const Space a = Space::make(), b = Space::make();
  REQUIRE(mem::reserve(64).ok());
  for (const usize n : {usize{0}, usize{1}, usize{7}}) REQUIRE(user::write<u64>(*a.as, page(n), n + 1).ok());
  Cursor(*a.as, pages(1, 2)).protect(pages(1, 2), kR);
  {
    Cursor far(*a.as, pages(kFar, kFar + 1));
    far.map(page(kFar), UFrame::alloc(), kRW);
  }
  {
    Cursor parent(*a.as, pages(0, kFar + 8));
    Cursor child(*b.as, pages(0, kFar + 8));
    CHECK(parent.clone_into(child, pages(0, kFar + 8), Cursor::Clone::copy_on_write) == 4);
    for (const usize n : {usize{0}, usize{1}, usize{7}, kFar}) {
      CHECK(parent.query(page(n))->prot == kR);
      CHECK(child.query(page(n))->prot == kR);
      CHECK(child.query(page(n))->frame.same(parent.query(page(n))->frame));
    }
    CHECK(!child.mapped(page(2)));
  }
  CHECK(b.as->mapped_pages() == 4);
  CHECK(user::read<u64>(*b.as, page(7)).value() == 8);
}

TEST_CASE("a shared clone keeps rights; it goes over what the child has mapped") {
  const Space a = Space::make(), b = Space::make();
  REQUIRE(mem::reserve(64).ok());
  REQUIRE(user::write<u64>(*a.as, page(0), 5).ok());
  REQUIRE(user::write<u64>(*b.as, page(0), 6).ok());
  REQUIRE(user::write<u64>(*b.as, page(1), 7).ok());
  {
    Cursor parent(*a.as, pages(0, 8));
    Cursor child(*b.as, pages(0, 8));
    CHECK(parent.clone_into(child, pages(0, 8), Cursor::Clone::shared) == 1);
    CHECK(parent.query(page(0))->prot == kRW);
    CHECK(child.query(page(0))->prot == kRW);
  }
  CHECK(b.as->mapped_pages() == 2);
  REQUIRE(user::write<u64>(*b.as, page(0), 9).ok());
  CHECK(user::read<u64>(*a.as, page(0)).value() == 9);
  CHECK(user::read<u64>(*b.as, page(1)).value() == 7);
}

TEST_CASE("rights say which accesses they allow") {
  const Space s = Space::make();
  REQUIRE(mem::reserve(16).ok());
  Cursor c(*s.as, pages(0, 4));
  const Prot given[] = {kR, kRW, {.exec = true}, {}};
  for (usize n = 0; n < 4; ++n) c.map(page(n), UFrame::alloc(), given[n]);
  const Prot r = c.query(page(0))->prot, rw = c.query(page(1))->prot, x = c.query(page(2))->prot, none = c.query(page(3))->prot;
  CHECK((r.allows(Access::read) && !r.allows(Access::write) && !r.allows(Access::exec)));
  CHECK((rw.allows(Access::write) && rw.allows(Access::read)));
  CHECK((x.allows(Access::exec) && x.allows(Access::read) && !x.allows(Access::write)));
  CHECK((none.none() && !none.allows(Access::read)));
}

TEST_CASE("an entry without rights has no address of memory, and gets it back") {
  const Space s = Space::make();
  REQUIRE(mem::reserve(16).ok());
  Cursor c(*s.as, pages(0, 2));
  c.map(page(0), UFrame::alloc(), {});
  c.map(page(1), UFrame::alloc(), kRW);
  const u64 before = common::pte_lookup(s.as->core(), page(1));
  CHECK((before & common::kPteAddress) < target::highest_memory().value);
  c.protect(pages(0, 2), {});
  for (usize n = 0; n < 2; ++n) {
    const u64 e = common::pte_lookup(s.as->core(), page(n));
    CHECK((e & common::kPtePresent) == 0);
    CHECK((e & common::kPteAddress) >= target::highest_memory().value);
  }
  c.protect(pages(1, 2), kRW);
  CHECK(((common::pte_lookup(s.as->core(), page(1)) ^ before) & common::kPteAddress) == 0);
}

TEST_CASE("an address space counts its page tables") {
  const Space s = Space::make();
  const usize before = s.as->table_pages();
  {
    Cursor c(*s.as, pages(0, kFar + 1));
    c.map(page(0), UFrame::alloc(), kRW);
    c.map(page(kFar), UFrame::alloc(), kRW);
  }
  CHECK(s.as->table_pages() >= before + 2);
}

TEST_CASE("cursors over one range take turns, those over others do not wait") {
  const Space s = Space::make();
  Atomic<u32> step{0}, go{0};
  const Ref<Task> other = contract::go([&] {
    while (go.load() == 0) task::yield();
    step.store(1);
    Cursor mine(*s.as, pages(3, 5));
    step.store(2);
  }, {.name = "waits", .affinity = CpuSet::only(CpuId{cpu::count() - 1})});
  REQUIRE(mem::reserve(16).ok());
  contract::OnCpu here(0);
  {
    Cursor c(*s.as, pages(0, 4));
    Cursor apart(*s.as, pages(4, 8));
    go.store(1);
    c.map(page(0), UFrame::alloc(), kRW);
    apart.map(page(4), UFrame::alloc(), kRW);
    if (cpu::count() > 1)
      while (step.load() == 0) {}
    CHECK(step.load() != 2);
  }
  CHECK(other->join().ok());
  CHECK(step.load() == 2);
}
