// SPDX-License-Identifier: MPL-2.0
#include <common/page_table.h>
#include <machine.h>
#include <map>
#include <unit.h>

using namespace ostd;

namespace {

constexpr VirtAddr kBase{0x4000'0000};
VirtAddr page(u64 n) { return kBase + n * kPageSize; }
VirtRange pages(u64 first, u64 count) { return {page(first), page(first + count)}; }
constexpr VirtRange kAll{kUserBegin, kUserEnd};
constexpr Prot kR{true, false, false}, kRW{true, true, false}, kRX{true, false, true}, kNone{};

// Makes the processor's mark: the page has been used through this address space.
void touch(const AddressSpace& as, VirtAddr at) {
  common::WalkGuard g(as.core());
  common::pte_set(common::pte_slot(as.core(), at.value), common::kPteAccessed);
}

}  // namespace

TEST_CASE("what is mapped is found, with its rights, and gone when unmapped") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> as = AddressSpace::create().value();
  const UFrame f = UFrame::alloc();
  {
    Cursor c(*as, pages(0, 10));
    CHECK_FALSE(c.query(page(3)));
    c.map(page(3), f, kRW);
    const Opt<Mapping> m = c.query(page(3));
    REQUIRE(m);
    CHECK(m->frame.same(f));
    CHECK(m->prot == kRW);
    CHECK_FALSE(c.query(page(4)));
    CHECK(c.mapped(page(3)));
    CHECK_FALSE(c.mapped(page(4)));
    CHECK_PANICS(c.mapped(page(10)));
    CHECK(c.next_mapped(page(0))->value == page(3).value);
    CHECK_FALSE(c.next_mapped(page(4)));
  }
  CHECK(as->mapped_pages() == 1);
  CHECK(f.share_count() == 2);
  {
    Cursor c(*as, pages(0, 10));
    CHECK(c.unmap(pages(0, 10)) == 1);
    CHECK_FALSE(c.query(page(3)));
    CHECK(f.share_count() == 2);  // until the flush
  }
  CHECK(f.share_count() == 1);
  CHECK(as->mapped_pages() == 0);
}

TEST_CASE("addresses outside the cursor's range, or not of pages, are stopped") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> as = AddressSpace::create().value();
  CHECK_PANICS(Cursor(*as, {VirtAddr{1}, VirtAddr{4096}}));
  CHECK_PANICS(Cursor(*as, {kUserBegin, kUserEnd + kPageSize}));
  Cursor c(*as, pages(2, 4));
  CHECK_PANICS(c.map(page(6), UFrame::alloc(), kR));
  CHECK_PANICS(c.map(page(1), UFrame::alloc(), kR));
  CHECK_PANICS(c.map(page(3) + 1, UFrame::alloc(), kR));
  CHECK_PANICS(c.unmap(pages(0, 3)));
  CHECK_PANICS(c.protect(pages(5, 2), kR));
}

TEST_CASE("frames are freed only after the flush, and a flush happens only for what a TLB may hold") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> as = AddressSpace::create().value();
  const UFrame f = UFrame::alloc(), g = UFrame::alloc();
  {
    Cursor c(*as, pages(0, 2));
    c.map(page(0), f, kRW);
    c.map(page(1), g, kRW);
    c.clear_accessed(page(1));
  }
  fake::flushes.clear();
  bool held = false;
  fake::on_flush = [&] { held = f.share_count() == 2; };
  { Cursor(*as, pages(0, 1)).unmap(pages(0, 1)); }
  fake::on_flush = nullptr;
  CHECK(held);
  REQUIRE(fake::flushes.size() == 1);
  CHECK(fake::flushes[0].ranges == std::vector<VirtRange>{pages(0, 1)});
  CHECK_FALSE(fake::flushes[0].wholly);
  fake::flushes.clear();
  { Cursor(*as, pages(1, 1)).unmap(pages(1, 1)); }  // never used
  CHECK(fake::flushes.empty());
  CHECK(g.share_count() == 1);
}

TEST_CASE("giving rights needs no flush, taking them does") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> as = AddressSpace::create().value();
  { Cursor(*as, pages(0, 1)).map(page(0), UFrame::alloc(), kR); }
  struct Step { Prot to; usize flushes; };
  for (const Step& s : {Step{kRW, 0}, {kR, 1}, {kR, 0}, {kRX, 0}, {kR, 1}, {kNone, 1}, {kRW, 0}}) {
    fake::flushes.clear();
    {
      Cursor c(*as, pages(0, 1));
      c.protect(pages(0, 1), s.to);
      CHECK(c.query(page(0))->prot == s.to);
    }
    CHECK(fake::flushes.size() == s.flushes);
  }
  CHECK(as->mapped_pages() == 1);
}

TEST_CASE("a cursor that narrows nothing new waits for the flush of one that did") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> as = AddressSpace::create().value();
  { Cursor(*as, pages(0, 1)).map(page(0), UFrame::alloc(), kRW); }
  usize inner = 0;
  fake::flushes.clear();
  fake::on_flush = [&] {
    fake::on_flush = nullptr;
    { Cursor(*as, pages(0, 1)).write_protect(pages(0, 1)); }  // finds it protected, but the TLBs are not yet
    inner = fake::flushes.size();
  };
  { Cursor(*as, pages(0, 1)).write_protect(pages(0, 1)); }
  CHECK(inner == 2);
}

TEST_CASE("many changes are flushed as few ranges that cover them") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> as = AddressSpace::create().value();
  std::vector<u64> at;
  for (u64 i = 0; i < 30; ++i) at.push_back(i * 100);
  {
    Cursor c(*as, pages(0, 5000));
    for (u64 i : at) c.map(page(i), UFrame::alloc(Zero::no), kRW);
  }
  fake::flushes.clear();
  { CHECK(Cursor(*as, pages(0, 5000)).unmap(pages(0, 4000)) == 30); }
  REQUIRE(fake::flushes.size() == 1);
  CHECK(fake::flushes[0].ranges.size() <= 16);
  for (u64 i : at) {
    bool covered = false;
    for (const VirtRange& r : fake::flushes[0].ranges) covered = covered || r.contains(page(i));
    CHECK(covered);
  }
}

TEST_CASE("leaf tables that are unmapped wholly are freed with their frames") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> as = AddressSpace::create().value();
  const usize tables = as->table_pages();
  CHECK(tables == 1);
  const usize before = fake::free_frames();
  {
    Cursor c(*as, pages(0, 2048));
    for (u64 i = 100; i < 1900; ++i) c.map(page(i), UFrame::alloc(Zero::no), kRW);
  }
  CHECK(as->table_pages() == 1 + 2 + 4);
  { CHECK(Cursor(*as, pages(0, 2048)).unmap(pages(0, 1536)) == 1436); }
  CHECK(as->table_pages() == 1 + 2 + 1);
  CHECK(as->mapped_pages() == 364);
  { CHECK(Cursor(*as, pages(0, 2048)).unmap(pages(1536, 400)) == 364); }
  CHECK(as->mapped_pages() == 0);
  CHECK(fake::free_frames() == before - 3);
}

TEST_CASE("an address space gives everything back when it dies") {
  fake::OnCpu cpu;
  const usize before = fake::free_frames();
  const UFrame shared = UFrame::alloc();
  {
    const Ref<AddressSpace> as = AddressSpace::create().value();
    test::Rng rng(3);
    for (u32 i = 0; i < 500; ++i) {
      const VirtAddr at{static_cast<u64>(rng.below(0x7fff'efff)) * 16 * kPageSize + kPageSize};
      Cursor c(*as, {at, at + kPageSize});
      c.map(at, rng.below(3) ? UFrame::alloc(Zero::no) : shared, rng.below(5) ? kRW : kNone);
    }
    CHECK(as->mapped_pages() >= 490);
  }
  CHECK(shared.share_count() == 1);
  CHECK(fake::free_frames() == before - 1);
}

TEST_CASE("folios are mapped page by page and freed with their last page") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> as = AddressSpace::create().value();
  { Cursor(*as, pages(0, 64)).map(page(0), UFrame::alloc(), kRW); }  // the tables are there
  const usize before = fake::free_frames();
  {
    Cursor c(*as, pages(0, 64));
    CHECK_PANICS(c.map(page(8), *UFrame::alloc_folio(4), kRW));
  }
  {
    Cursor c(*as, pages(0, 64));
    c.map(page(16), *UFrame::alloc_folio(4), kRW);
    const Opt<Mapping> m = c.query(page(19));
    REQUIRE(m);
    CHECK(m->page == 3);
    CHECK(m->frame.order() == 4);
    CHECK(m->frame.share_count() == 17);
  }
  { Cursor(*as, pages(0, 64)).unmap(pages(16, 15)); }
  CHECK(fake::free_frames() <= before - 16);
  { Cursor(*as, pages(0, 64)).unmap(pages(31, 1)); }
  CHECK(fake::free_frames() + 16 >= before);
}

TEST_CASE("clean and clear_accessed tell what was set and set it again on use") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> as = AddressSpace::create().value();
  { Cursor(*as, pages(0, 1)).map(page(0), UFrame::alloc(), kRW); }
  fake::flushes.clear();
  { CHECK(Cursor(*as, pages(0, 1)).clean(page(0))); }
  CHECK(fake::flushes.size() == 1);
  { CHECK_FALSE(Cursor(*as, pages(0, 1)).clean(page(0))); }
  { CHECK(Cursor(*as, pages(0, 1)).clear_accessed(page(0))); }
  CHECK(fake::flushes.size() == 2);
  { CHECK_FALSE(Cursor(*as, pages(0, 1)).clear_accessed(page(0))); }
  touch(*as, page(0));
  { CHECK(Cursor(*as, pages(0, 1)).query(page(0))->accessed); }
}

TEST_CASE("clone shares frames and takes write permission on both sides") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> parent = AddressSpace::create().value();
  const UFrame w = UFrame::alloc(), r = UFrame::alloc(), none = UFrame::alloc();
  {
    Cursor c(*parent, kAll);
    c.map(page(0), w, kRW);
    c.map(page(1), r, kRX);
    c.map(page(700), none, kNone);
  }
  fake::flushes.clear();
  const Ref<AddressSpace> child = AddressSpace::create().value();
  {
    Cursor from(*parent, kAll);
    Cursor to(*child, kAll);
    CHECK(from.clone_into(to, kAll, Cursor::Clone::copy_on_write) == 3);
  }
  REQUIRE(fake::flushes.size() == 1);
  CHECK(fake::flushes[0].as == &parent->core());
  for (const AddressSpace* as : {&*parent, &*child}) {
    Cursor c(*as, kAll);
    CHECK(c.query(page(0))->prot == kR);
    CHECK(c.query(page(0))->frame.same(w));
    CHECK(c.query(page(1))->prot == kRX);
    CHECK(c.query(page(700))->prot == kNone);
  }
  CHECK(w.share_count() == 3);
  CHECK(child->mapped_pages() == 3);
  fake::flushes.clear();
  const Ref<AddressSpace> second = AddressSpace::create().value();
  {
    Cursor from(*parent, kAll);
    Cursor to(*second, kAll);
    from.clone_into(to, kAll, Cursor::Clone::copy_on_write);
  }
  CHECK(fake::flushes.empty());  // nothing was writable any more
}

TEST_CASE("a shared clone keeps the rights") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> parent = AddressSpace::create().value();
  { Cursor(*parent, kAll).map(page(5), UFrame::alloc(), kRW); }
  const Ref<AddressSpace> child = AddressSpace::create().value();
  fake::flushes.clear();
  {
    Cursor from(*parent, kAll);
    Cursor to(*child, kAll);
    from.clone_into(to, pages(5, 1), Cursor::Clone::shared);
  }
  CHECK(fake::flushes.empty());
  CHECK(Cursor(*child, kAll).query(page(5))->prot == kRW);
  CHECK(Cursor(*parent, kAll).query(page(5))->prot == kRW);
}

TEST_CASE("the run around a faulting page is claimed as far as frames and rights agree") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> as = AddressSpace::create().value();
  const Opt<UFrame> folio = UFrame::alloc_folio(4);
  REQUIRE(folio);
  {
    Cursor c(*as, pages(0, 64));
    c.map(page(16), *folio, kRW);
    c.protect(pages(24, 1), kR);
  }
  const common::PteRun run = common::pte_claim_run(as->core(), page(20) + 123, Access::write, pages(0, 64));
  CHECK(run.at == page(16));
  CHECK(run.pages == 8);
  CHECK(run.pfn == folio->id());
  CHECK(run.prot == kRW);
  CHECK(common::pte_lookup(as->core(), page(16)) & common::kPteMapped);
  CHECK_FALSE(common::pte_lookup(as->core(), page(24)) & common::kPteMapped);
  CHECK(common::pte_claim_run(as->core(), page(24), Access::write, pages(0, 64)).pages == 0);
  CHECK(common::pte_claim_run(as->core(), page(24), Access::read, pages(0, 64)).pages == 1);
  CHECK(common::pte_claim_run(as->core(), page(30), Access::read, pages(29, 2)).pages == 2);
  common::pte_clear_mapped(as->core(), pages(0, 64));
  CHECK_FALSE(common::pte_lookup(as->core(), page(16)) & common::kPteMapped);
}

TEST_CASE("random operations agree with a model") {
  fake::OnCpu cpu;
  const usize before = fake::free_frames();
  for (u64 seed = 1; seed <= 20; ++seed) {
    test::Rng rng(seed);
    struct Entry { u64 id; Prot prot; };
    using Model = std::map<u64, Entry>;
    constexpr u64 kPages = 1600;  // more than three leaf tables
    std::vector<std::pair<Ref<AddressSpace>, Model>> spaces;
    spaces.emplace_back(AddressSpace::create().value(), Model{});
    const auto some_prot = [&] { const Prot p[] = {kR, kRW, kRX, kNone}; return p[rng.below(4)]; };
    for (u32 step = 0; step < 300; ++step) {
      const u32 which = rng.below(static_cast<u32>(spaces.size()));
      const Ref<AddressSpace> as = spaces[which].first;
      Model& model = spaces[which].second;
      const u64 first = rng.below(kPages), count = 1 + rng.below(rng.below(4) ? 40 : static_cast<u32>(kPages - first));
      const u64 n = first + count > kPages ? kPages - first : count;
      switch (rng.below(8)) {
        case 0: case 1: case 2: {
          Cursor c(*as, pages(first, n));
          for (u64 i = first; i < first + n && i < first + 60; ++i) {
            UFrame f = UFrame::alloc(Zero::no);
            const Prot p = some_prot();
            model[i] = {f.id(), p};
            c.map(page(i), std::move(f), p);
          }
          break;
        }
        case 3: {
          usize expect = 0;
          for (u64 i = first; i < first + n; ++i) expect += model.erase(i);
          Cursor c(*as, pages(0, kPages));
          REQUIRE(c.unmap(pages(first, n)) == expect);
          break;
        }
        case 4: {
          const Prot p = some_prot();
          Cursor c(*as, pages(first, n));
          c.protect(pages(first, n), p);
          for (auto i = model.lower_bound(first); i != model.end() && i->first < first + n; ++i) i->second.prot = p;
          break;
        }
        case 5: {
          Cursor c(*as, pages(first, n));
          c.write_protect(pages(first, n));
          for (auto i = model.lower_bound(first); i != model.end() && i->first < first + n; ++i) i->second.prot.write = false;
          break;
        }
        case 6: {
          const u64 half = n / 2;
          if (half == 0) break;
          Cursor c(*as, pages(0, kPages));
          c.move(pages(first, half), page(first + half));
          for (u64 i = first; i < first + half; ++i) {
            model.erase(i + half);
            if (auto m = model.extract(i)) { m.key() = i + half; model.insert(std::move(m)); }
          }
          break;
        }
        case 7: {
          if (spaces.size() > 4) { spaces.erase(spaces.begin() + which); break; }
          Ref<AddressSpace> child = AddressSpace::create().value();
          Model copy;
          {
            Cursor from(*as, pages(0, kPages));
            Cursor to(*child, pages(0, kPages));
            from.clone_into(to, pages(first, n), Cursor::Clone::copy_on_write);
          }
          for (auto i = model.lower_bound(first); i != model.end() && i->first < first + n; ++i) {
            i->second.prot.write = false;
            copy.insert(*i);
          }
          spaces.emplace_back(std::move(child), std::move(copy));
          break;
        }
      }
    }
    for (const auto& [as, model] : spaces) {
      REQUIRE(as->mapped_pages() == model.size());
      Cursor c(*as, kAll);
      Model seen;
      c.each(kAll, [&](VirtAddr at, const Mapping& m) { seen[(at - kBase) / kPageSize] = {m.frame.id(), m.prot}; });
      REQUIRE(seen.size() == model.size());
      for (const auto& [i, e] : model) {
        REQUIRE(seen.count(i));
        REQUIRE(seen[i].id == e.id);
        REQUIRE(seen[i].prot == e.prot);
      }
    }
  }
  CHECK(fake::free_frames() == before);
}
