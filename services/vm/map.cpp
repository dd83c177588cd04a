// SPDX-License-Identifier: MPL-2.0
// mmap, munmap: finding places, splitting and merging areas. [mmap(2), munmap(2)]
#include <services/vm/anon_object.h>
#include <services/vm/state.h>

namespace svc::vm {
namespace {

void announce(const Area& x, const PageUser& self) {
  if (!x.object) return;
  (*x.object)->add_user(Weak<PageUser>(ref_of(self)));
  if (x.writes_object()) (*x.object)->add_writer();
}
void withdraw(const Area& x, const PageUser& self) {
  if (!x.object) return;
  (*x.object)->remove_user(self);
  if (x.writes_object()) (*x.object)->remove_writer();
}

bool alike(const Area& a, const Area& b) {
  const bool same_object = a.object.has_value() == b.object.has_value() &&
                           (!a.object || (!(*a.object)->counts_areas() && a.object->ref().same(b.object->ref()) && a.may_the_same(b) && b.offset == a.offset + a.range.size()));
  return same_object && a.range.end == b.range.begin && a.prot == b.prot && a.sharing == b.sharing &&
         a.grows_down == b.grows_down && a.no_reserve == b.no_reserve && a.locked == b.locked && a.lock_on_fault == b.lock_on_fault &&
         a.sealed == b.sealed && a.dont_fork == b.dont_fork && a.wipe_on_fork == b.wipe_on_fork && a.dont_dump == b.dont_dump &&
         a.name.view() == b.name.view();
}

}  // namespace

Opt<u64> find_area(const Areas& a, VirtAddr at) {
  const Opt<u64> k = a.by_start.floor(at.value);
  if (!k) return none;
  bool inside = false;
  a.by_start.with(*k, [&](const Area& x) { inside = at < x.range.end; });
  return inside ? k : Opt<u64>();
}

void split_at(Areas& a, VirtAddr at, const PageUser& self) {
  const Opt<u64> k = find_area(a, at);
  if (!k || *k == at.value) return;
  Opt<Area> upper{};
  a.by_start.with(*k, [&](Area& x) {
    Area u = x.same_for({at, x.range.end});
    u.grows_down = false;
    u.offset = x.offset + (at - x.range.begin);
    const u64 above = u.pages();
    if (x.commit.pages() != 0) u.commit = x.commit.split(above);
    x.range.end = at;
    upper = std::move(u);
  });
  if (!upper) return;
  announce(*upper, self);
  a.by_start.insert(at.value, std::move(*upper));
}

void merge_at(Areas& a, VirtAddr at, const PageUser& self) {
  const Opt<u64> below = a.by_start.below(at.value);
  if (!below || !a.by_start.contains(at.value)) return;
  bool same = false;
  const auto& areas = a.by_start;
  areas.with(at.value, [&](const Area& upper) { areas.with(*below, [&](const Area& lower) { same = alike(lower, upper); }); });
  if (!same) return;
  Opt<Area> upper = a.by_start.remove(at.value);
  withdraw(*upper, self);
  a.by_start.with(*below, [&](Area& lower) {
    lower.range.end = upper->range.end;
    if (upper->commit.pages() != 0) lower.commit.merge(std::move(upper->commit));
  });
}

Status prepare_take(const Areas& a, VirtRange r) {
  if (a.by_start.size() + 2 > kMaxAreas) {
    // Linux counts what is there after the cuts.
    const Opt<u64> first = find_area(a, r.begin), last = find_area(a, r.end);
    const usize cuts = (first && *first != r.begin.value ? 1U : 0U) + (last && *last != r.end.value ? 1U : 0U);
    if (a.by_start.size() + cuts > kMaxAreas) return Errc::out_of_memory;
  }
  usize n = 0;
  for (Opt<u64> k = a.by_start.lower_bound(r.begin.value); k && *k < r.end.value; k = a.by_start.lower_bound(*k + 1)) ++n;
  constexpr usize kCovered = 8, kPerPage = 16;  // by the call's budget; nodes of the map on a page
  return n > kCovered ? mem::reserve(4 + n / kPerPage) : Ok();
}

Map<u64, Area> take_areas(Areas& a, VirtRange r, const PageUser& self) {
  split_at(a, r.begin, self);
  split_at(a, r.end, self);
  Map<u64, Area> out{};
  for (Opt<u64> k = a.by_start.lower_bound(r.begin.value); k && *k < r.end.value; k = a.by_start.lower_bound(r.begin.value)) {
    Opt<Area> x = a.by_start.remove(*k);
    withdraw(*x, self);
    a.total_pages -= x->pages();
    if (x->locked) a.locked_pages -= x->pages();
    out.insert(*k, std::move(*x));
  }
  return out;
}

bool any_sealed(const Areas& a, VirtRange r) {
  bool sealed = false;
  for (Opt<u64> k = find_area(a, r.begin) ? find_area(a, r.begin) : a.by_start.lower_bound(r.begin.value); k && *k < r.end.value && !sealed; k = a.by_start.lower_bound(*k + 1))
    a.by_start.with(*k, [&](const Area& x) { sealed = x.sealed; });
  return sealed;
}

Opt<Area> take_first(Areas& a, const PageUser& self) {
  const Opt<u64> k = a.by_start.first_key();
  if (!k) return none;
  Opt<Area> x = a.by_start.remove(*k);
  withdraw(*x, self);
  return x;
}

bool range_free(const Areas& a, VirtRange r) {
  if (find_area(a, r.begin)) return false;
  const Opt<u64> next = a.by_start.lower_bound(r.begin.value);
  return !next || *next >= r.end.value;
}

// Top-down, as Linux: below the last place given, else the highest hole that fits.
Opt<VirtAddr> find_free(Areas& a, u64 length) {
  if (length > a.map_top.value - kMinAddress) return none;
  VirtAddr top = a.place_below.value != 0 ? a.place_below : a.map_top;
  for (u32 round = 0; round < 2; ++round) {
    while (top.value >= kMinAddress + length) {
      const VirtRange want{top - length, top};
      const Opt<u64> under = a.by_start.below(top.value);
      VirtAddr end{};
      if (under) a.by_start.with(*under, [&](const Area& x) { end = x.range.end; });
      if (!under || end <= want.begin) {
        a.place_below = want.begin;
        return want.begin;
      }
      top = VirtAddr(*under);
    }
    if (top == a.map_top || a.place_below.value == 0) return none;
    top = a.map_top;
    a.place_below = VirtAddr();
  }
  return none;
}

void insert_area(Areas& a, Area area, const PageUser& self) {
  announce(area, self);
  const VirtRange r = area.range;
  a.total_pages += area.pages();
  if (area.locked) a.locked_pages += area.pages();
  if (a.total_pages > a.peak_pages) a.peak_pages = a.total_pages;
  a.by_start.insert(r.begin.value, std::move(area));
  merge_at(a, r.end, self);
  merge_at(a, r.begin, self);
}

u64 data_pages(const Areas& a) {
  u64 n = 0;
  a.by_start.each([&](const u64&, const Area& x) { n += x.data() ? x.pages() : 0; });
  return n;
}

// Errors in Linux's order: length, alignment, range, limits, placement, memory.
Result<VirtAddr> Vm::map(const MapRequest& q, const VmLimits& limits) const {
  using Placement = MapRequest::Placement;
  if (q.length == 0) return Errc::invalid_argument;
  const u64 length = page_up(q.length);
  if (length == 0 || length > kUserEnd.value) return Errc::out_of_memory;
  const bool fixed = q.placement != Placement::hint;
  if (fixed && q.hint.page_offset() != 0) return Errc::invalid_argument;
  if (fixed && (q.hint.value > kUserEnd.value - length)) return Errc::out_of_memory;
  if (fixed && q.hint.value < kMinAddress && !q.may_map_low) return Errc::not_permitted;
  // No file is longer. Sums of offsets and lengths do not wrap then, however an area is moved and extended later.
  if (q.object && q.offset > kMaxFileSize - length) return Errc::overflow;
  Area x{};
  x.prot = q.prot;
  x.sharing = q.sharing;
  x.grows_down = q.grows_down;
  x.no_reserve = q.no_reserve || q.grows_down;
  x.locked = q.locked;
  x.offset = q.offset;
  if (q.object) x.object = TRY(q.object->dup());
  x.file = q.file;
  x.name = q.name;
  if (q.sharing == Sharing::shared && !q.object) {
    AnonObject::Whole shared = TRY(AnonObject::create(account_, length));
    x.file = Opt<Ref<MappedFile>>(Ref<MappedFile>(make_ref<SharedZero>(*shared)));
    x.object = DynCap<MemoryObject>(std::move(shared));
    x.offset = 0;
  }
  if (!x.may(x.prot)) return Errc::access_denied;
  Map<u64, Area> gone{};
  Result<VirtAddr> at = state_->areas.write([&](Areas& a) -> Result<VirtAddr> {
    if ((a.total_pages << kPageShift) + length > limits.address_space) return Errc::out_of_memory;
    if (limits.data != ~0ULL && x.data() && (data_pages(a) << kPageShift) + length > limits.data) return Errc::out_of_memory;
    if (a.lock_future) {
      x.locked = true;
      x.lock_on_fault = a.future_on_fault;
    }
    if (x.locked && (a.locked_pages << kPageShift) + length > limits.locked) return Errc::again;
    VirtRange r{q.hint, q.hint + length};
    if (!fixed) {
      const VirtAddr hint = q.hint.page_down();
      r = {hint, hint + length};
      if (hint.value < kMinAddress || hint.value > kUserEnd.value - length || !range_free(a, r)) {
        const Opt<VirtAddr> place = find_free(a, length);
        if (!place) return Errc::out_of_memory;
        r = {*place, *place + length};
      }
    } else if (q.placement == Placement::fixed_no_replace && !range_free(a, r)) {
      return Errc::exists;
    }
    x.range = r;
    if (fixed && any_sealed(a, r)) return Errc::not_permitted;
    if (a.by_start.size() >= kMaxAreas) return Errc::out_of_memory;
    if (fixed) TRY(prepare_take(a, r));
    if (x.accountable()) x.commit = TRY(Commit::take(account_, x.pages()));
    if (fixed) gone = take_areas(a, r, *this);
    if (!gone.empty()) drop_range(r);
    space_->note_area(r);
    insert_area(a, std::move(x), *this);
    return r.begin;
  });
  if (at.ok() && (q.populate || q.locked || state_->areas.read([](const Areas& a) { return a.lock_future && !a.future_on_fault; }))) static_cast<void>(populate(at.value(), length).ok());
  return at;
}

Status Vm::detach(VirtAddr at) const {
  if (at.page_offset() != 0) return Errc::invalid_argument;
  Map<u64, Area> gone{};
  return state_->areas.write([&](Areas& a) -> Status {
    Opt<Ref<MemoryObject>> object{};
    u64 length = 0;
    for (Opt<u64> k = a.by_start.lower_bound(at.value); k; k = a.by_start.upper_bound(*k)) {
      VirtRange r{};
      bool mine = false;
      a.by_start.with(*k, [&](const Area& x) {
        r = x.range;
        mine = x.object && (*x.object)->counts_areas() && x.offset == x.range.begin - at && (!object || x.object->ref().same(*object));
        if (!mine || object) return;
        object = x.object->ref();
        length = page_up(object.value()->size_bytes());
      });
      if (object && r.end - at > length && gone.size() != 0) break;
      if (!mine) continue;
      if (gone.empty() && length <= kUserEnd.value - at.value) TRY(prepare_take(a, {at, at + length}));
      Map<u64, Area> one = take_areas(a, r, *this);
      drop_range(r);
      if (a.place_below.value != 0 && r.end > a.place_below) a.place_below = r.end < a.map_top ? r.end : VirtAddr();
      Opt<Area> x = one.remove(r.begin.value);
      if (x) gone.insert(r.begin.value, std::move(*x));
    }
    return gone.empty() ? Status(Errc::invalid_argument) : Ok();
  });
}

Status Vm::unmap(VirtAddr at, u64 length) const {
  if (at.page_offset() != 0 || length == 0 || at.value > kUserEnd.value || page_up(length) == 0 || page_up(length) > kUserEnd.value - at.value)
    return Errc::invalid_argument;
  const VirtRange r{at, at + page_up(length)};
  // What goes dies outside the lock: files may close.
  Map<u64, Area> gone{};
  return state_->areas.write([&](Areas& a) -> Status {
    if (any_sealed(a, r)) return Errc::not_permitted;
    TRY(prepare_take(a, r));
    gone = take_areas(a, r, *this);
    if (!gone.empty()) {
      VirtAddr end{};
      gone.with(*gone.last_key(), [&](const Area& x) { end = x.range.end; });
      const VirtRange used{VirtAddr(*gone.first_key()), end};
      drop_range(used);
      if (a.place_below.value != 0 && used.end > a.place_below) a.place_below = used.end < a.map_top ? used.end : VirtAddr();
    }
    return Ok();
  });
}

}  // namespace svc::vm
