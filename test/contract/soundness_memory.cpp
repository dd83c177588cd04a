// SPDX-License-Identifier: MPL-2.0
// Wrong uses of page tables, untyped memory and owners that safe code can spell: each ends the machine by a panic that names the
// check, before anything is touched. (docs/soundness.md)
#include "mem_space.h"
#include <base/hash_map.h>
#include <base/map.h>
#include <base/ring_buffer.h>
#include <base/slot_map.h>

using namespace ostd;
using contract::kBase, contract::kRW, contract::Space;

namespace {
constexpr VirtAddr page(usize n) { return kBase + n * kPageSize; }
constexpr VirtRange pages(usize first, usize end) { return {page(first), page(end)}; }
}  // namespace

DEATH_CASE("a cursor over addresses of the OS") {
  const Space s = Space::make();
  const Cursor c(*s.as, {VirtAddr{0xffff'8000'0000'0000}, VirtAddr{0xffff'8000'0000'1000}});
}
DEATH_CASE("mapping outside the cursor's range") {
  const Space s = Space::make();
  Cursor c(*s.as, pages(0, 2));
  c.map(page(2), UFrame::alloc(), kRW);
}
DEATH_CASE("mapping at an address inside a page") {
  const Space s = Space::make();
  Cursor c(*s.as, pages(0, 2));
  c.map(kBase + 8, UFrame::alloc(), kRW);
}
DEATH_CASE("mapping a folio beside its alignment") {
  OSTD_CHECK(mem::reserve(16).ok());
  Opt<UFrame> folio = UFrame::alloc_folio(2);
  OSTD_CHECK(folio.has_value());
  const Space s = Space::make();
  Cursor c(*s.as, pages(0, 8));
  c.map(page(2), *folio.take(), kRW);
}
DEATH_CASE("mapping a frame that was moved away") {
  OSTD_CHECK(mem::reserve(16).ok());
  const Space s = Space::make();
  UFrame f = UFrame::alloc();
  const UFrame other = std::move(f);
  Cursor c(*s.as, pages(0, 2));
  c.map(page(0), std::move(f), kRW);
}
DEATH_CASE("unmapping outside the cursor's range") {
  const Space s = Space::make();
  Cursor c(*s.as, pages(1, 2));
  (void)c.unmap(pages(0, 2));
}
DEATH_CASE("moving pages over themselves") {
  const Space s = Space::make();
  Cursor c(*s.as, pages(0, 8));
  c.move(pages(0, 4), page(2));
}
DEATH_CASE("cloning a range that the child's cursor does not have") {
  const Space a = Space::make(), b = Space::make();
  Cursor parent(*a.as, pages(0, 8));
  Cursor child(*b.as, pages(0, 4));
  (void)parent.clone_into(child, pages(0, 8), Cursor::Clone::shared);
}
DEATH_CASE("reading beyond a frame") {
  OSTD_CHECK(mem::reserve(4).ok());
  u8 b[16];
  UFrame::alloc().read(kPageSize - 15, b);
}
DEATH_CASE("writing beyond a frame with an offset that wraps") {
  OSTD_CHECK(mem::reserve(4).ok());
  const u8 b[16] = {};
  UFrame::alloc().write(SIZE_MAX - 7, b);
}
DEATH_CASE("zeroing beyond a frame") {
  OSTD_CHECK(mem::reserve(4).ok());
  UFrame::alloc().zero(1, kPageSize);
}
DEATH_CASE("an index behind the end of a Vec") {
  Vec<u32> v;
  v.push_back(1);
  v[1] = 2;
}
DEATH_CASE("the last element of an empty Vec") { (void)Vec<u32>().pop_back(); }
DEATH_CASE("changing a map that is being visited") {
  Map<u32, u32> m;
  m.insert(1, 1);
  m.with(1, [&](u32&) { (void)m.remove(1); });
}
DEATH_CASE("changing a hash map that is being visited") {
  HashMap<u32, u32> m;
  m.insert(1, 1);
  m.each([&](const u32&, u32&) { (void)m.insert(2, 2); });
}
DEATH_CASE("an index behind the end of a ring buffer") {
  RingBuffer<u32> r(4);
  (void)r.push(1);
  (void)r[1];
}
DEATH_CASE("user memory under a spinlock") {
  const Space s = Space::make();
  const SpinLocked<u32, Rank{100}> lock;
  lock.with([&](u32&) { (void)user::read<u32>(*s.as, kBase); });
}

TEST_CASE("a handle of a slot map that was used again finds nothing") {
  SlotMap<u32> m;
  const auto first = m.insert(1);
  REQUIRE(m.remove(first).has_value());
  const auto second = m.insert(2);
  CHECK(!m.get(first));
  CHECK(*m.get(second) == 2);
}

TEST_CASE("a size that no memory has is refused, not wrapped") {
  CHECK(mem::reserve(SIZE_MAX).error() == Errc::out_of_memory);
  CHECK(mem::reserve(SIZE_MAX >> kPageShift).error() == Errc::out_of_memory);
  const Ref<Account> a = Account::create(contract::account(), SIZE_MAX);
  CHECK(Commit::take(a, SIZE_MAX).error() == Errc::out_of_memory);
  Result<Commit> c = Commit::take(a, 1);
  REQUIRE(c.ok());
  CHECK(c.value().extend(SIZE_MAX).error() == Errc::out_of_memory);
  c.value().shrink(SIZE_MAX);
  CHECK(c.value().pages() == 0);
  CHECK(a->stats().committed_pages == 0);
  const Space s = Space::make();
  // Eight pages come when touched, then there is nothing.
  CHECK(user::read_array<u64>(*s.as, kBase, SIZE_MAX / 4).error() == Errc::fault);
  CHECK(user::read_string(*s.as, kBase + contract::kLazyPages * kPageSize, SIZE_MAX).error() == Errc::fault);
}
