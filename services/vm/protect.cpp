// SPDX-License-Identifier: MPL-2.0
// mprotect, brk, madvise, msync, mincore, mlock. [the man pages of these names, section 2]
#include <services/vm/state.h>

namespace svc::vm {
namespace {

bool bad_range(VirtAddr at, u64 length) {
  return at.page_offset() != 0 || at.value > kUserEnd.value || page_up(length) < length || page_up(length) > kUserEnd.value - at.value;
}

// Rights the page table gets when an area's rights change: private pages may be shared copies, so write comes by fault.
Prot table_prot(const Area& x) { return {in_hardware(x.prot).read, x.sharing == Sharing::shared && x.prot.write, x.prot.exec}; }

// One area, exactly covered. Errors: access_denied, out_of_memory.
Status protect_area(const AddressSpace& as, const Ref<Account>& account, Area& x, Prot prot) {
  if (x.sealed) return Errc::not_permitted;
  if (!x.may(prot)) return Errc::access_denied;
  if (x.prot == prot) return Ok();
  if (prot.write && x.sharing == Sharing::private_ && !x.no_reserve && x.commit.pages() == 0) x.commit = TRY(Commit::take(account, x.pages()));
  x.prot = prot;
  Cursor c(as, x.range);
  c.protect(x.range, table_prot(x));
  return Ok();
}

// Calls f for each area of r in order, split to fit. Errors: out_of_memory at the first hole (what came before is done), f's.
Status for_areas(Areas& a, VirtRange r, const PageUser& self, FnRef<Status(Area&)> f) {
  TRY(prepare_take(a, r));
  split_at(a, r.begin, self);
  split_at(a, r.end, self);
  VirtAddr at = r.begin;
  while (at < r.end) {
    if (!a.by_start.contains(at.value)) return Errc::out_of_memory;
    Status s = Ok();
    VirtAddr next = at;
    a.by_start.with(at.value, [&](Area& x) {
      s = f(x);
      next = x.range.end;
    });
    TRY(s);
    at = next;
  }
  return Ok();
}

// The same, but holes are stepped over and reported at the end (madvise).
Status for_areas_and_holes(Areas& a, VirtRange r, const PageUser& self, FnRef<Status(Area&)> f) {
  split_at(a, r.begin, self);
  split_at(a, r.end, self);
  VirtAddr at = r.begin;
  bool hole = false;
  for (Opt<u64> k = a.by_start.lower_bound(at.value); k && *k < r.end.value; k = a.by_start.lower_bound(at.value)) {
    Status s = Ok();
    hole = hole || *k != at.value;
    a.by_start.with(*k, [&](Area& x) {
      s = f(x);
      at = x.range.end;
    });
    TRY(s);
  }
  return hole || at < r.end ? Status(Errc::out_of_memory) : Ok();
}

void merge_all(Areas& a, VirtRange r, const PageUser& self) {
  for (Opt<u64> k = a.by_start.floor(r.end.value); k && *k >= r.begin.value; k = a.by_start.below(*k)) merge_at(a, VirtAddr(*k), self);
}

}  // namespace

Status Vm::protect(VirtAddr at, u64 length, Prot prot, const VmLimits& limits) const {
  if (at.page_offset() != 0) return Errc::invalid_argument;
  if (length == 0) return Ok();
  if (bad_range(at, length)) return Errc::out_of_memory;
  const VirtRange r{at, at + page_up(length)};
  return state_->areas.write([&](Areas& a) {
    const Status s = for_areas(a, r, *this, [&](Area& x) { return protect_area(*space_, account_, x, prot); });
    merge_all(a, r, *this);
    return s;
  });
}

void Vm::init_break(VirtAddr start) const {
  state_->areas.write([&](Areas& a) { a.brk_start = a.brk = start.page_up(); });
}

void Vm::set_map_top(VirtAddr top) const {
  state_->areas.write([&](Areas& a) {
    a.map_top = top;
    a.place_below = VirtAddr();
  });
}

VirtAddr Vm::set_break(VirtAddr wanted, const VmLimits& limits) const {
  const Areas::Break now = state_->areas.read([](const Areas& a) { return Areas::Break{a.brk_start, a.brk}; });
  if (wanted < now.start || wanted.value > kUserEnd.value || wanted - now.start > limits.data) return now.end;
  const VirtAddr old_end = now.end.page_up(), new_end = wanted.page_up();
  if (new_end < old_end) {
    if (!unmap(new_end, old_end - new_end).ok()) return now.end;
  } else if (new_end > old_end) {
    MapRequest q{};
    q.hint = old_end;
    q.length = new_end - old_end;
    q.prot = {true, true, false};
    q.placement = MapRequest::Placement::fixed_no_replace;
    q.name = "[heap]";
    if (!map(q, limits).ok()) return now.end;
  }
  state_->areas.write([&](Areas& a) { a.brk = wanted; });
  return wanted;
}

Status Vm::advise(VirtAddr at, u64 length, u32 advice) const {
  // 15 NOHUGEPAGE, 20 COLD, 21 PAGEOUT lie between the named ones.
  constexpr u32 kDontNeed = 4, kFree = 8, kRemove = 9, kDontFork = 10, kDoFork = 11, kHugePage = 14, kDontDump = 16, kDoDump = 17, kWipeOnFork = 18, kKeepOnFork = 19,
                kPopulateRead = 22, kPopulateWrite = 23;
  const bool known = advice <= kDontNeed || advice == kFree || (advice >= kDontFork && advice <= kDoFork) ||
                     (advice >= kHugePage && advice <= kPopulateWrite) || advice == kRemove;
  if (!known || at.page_offset() != 0 || page_up(length) < length) return Errc::invalid_argument;
  if (length == 0) return Ok();
  if (page_up(length) > ~at.value) return Errc::invalid_argument;
  if (bad_range(at, length)) return Errc::out_of_memory;
  if (advice == kRemove) return Errc::not_supported;  // hole punching through a mapping
  const VirtRange r{at, at + page_up(length)};
  if (advice == kPopulateRead || advice == kPopulateWrite) return populate(at, page_up(length));
  return state_->areas.write([&](Areas& a) {
    const Status s = for_areas_and_holes(a, r, *this, [&](Area& x) -> Status {
      // Of what is sealed and cannot be written nothing is thrown away.
      const bool discards = advice == kDontNeed || advice == kFree || advice == kDontFork || advice == kWipeOnFork;
      if (discards && x.sealed && x.anonymous() && !x.prot.write) return Errc::not_permitted;
      switch (advice) {
        case kFree:
          if (!x.anonymous()) return Errc::invalid_argument;
          [[fallthrough]];
        case kDontNeed:
          if (x.locked) return Errc::invalid_argument;
          drop_range(x.range);
          return Ok();
        case kDontFork: x.dont_fork = true; return Ok();
        case kDoFork: x.dont_fork = false; return Ok();
        case kWipeOnFork:
          if (!x.anonymous()) return Errc::invalid_argument;
          x.wipe_on_fork = true;
          return Ok();
        case kKeepOnFork: x.wipe_on_fork = false; return Ok();
        case kDontDump: x.dont_dump = true; return Ok();
        case kDoDump: x.dont_dump = false; return Ok();
        default: return Ok();  // hints without an observable effect
      }
    });
    merge_all(a, r, *this);
    return s;
  });
}

Status Vm::sync(VirtAddr at, u64 length, u32 flags) const {
  constexpr u32 kAsync = 1, kInvalidate = 2, kSync = 4;
  if ((flags & ~(kAsync | kInvalidate | kSync)) != 0 || (flags & (kAsync | kSync)) == (kAsync | kSync) || at.page_offset() != 0) return Errc::invalid_argument;
  if (page_up(length) < length || bad_range(at, length)) return Errc::out_of_memory;
  if (length == 0) return Ok();
  // Memory objects are the truth of every file here; there is nothing to write back. Holes and locks are reported.
  return state_->areas.write([&](Areas& a) {
    return for_areas(a, {at, at + page_up(length)}, *this, [&](Area& x) -> Status {
      if ((flags & kInvalidate) != 0 && x.locked) return Errc::busy;
      return Ok();
    });
  });
}

Status Vm::residency(VirtAddr at, u64 length, FnRef<void(bool)> page) const {
  if (at.page_offset() != 0) return Errc::invalid_argument;
  if (bad_range(at, length)) return Errc::out_of_memory;
  Vec<u8> present{};
  const VirtRange r{at, at + page_up(length)};
  TRY(state_->areas.read([&](const Areas& a) -> Status {
    for (VirtAddr p = r.begin; p < r.end; p += kPageSize) {
      const Opt<u64> k = find_area(a, p);
      if (!k) return Errc::out_of_memory;
      bool here = false;
      a.by_start.with(*k, [&](const Area& x) {
        const Cursor c(*space_, {p, p + kPageSize});
        here = c.query(p).has_value() || present_page(x, p).has_value();
      });
      present.push_back(here ? 1 : 0);
    }
    return Ok();
  }));
  for (const u8& b : present) page(b != 0);
  return Ok();
}

Status Vm::lock_pages(VirtAddr at, u64 length, PageLock how, const VmLimits& limits) const {
  const bool lock = how != PageLock::none;
  const u64 shift = at.page_offset();
  const VirtAddr from = at.page_down();
  // As Linux: a length that wraps to nothing when it is rounded up is nothing.
  if (length > ~0ULL - shift || page_up(length + shift) < length + shift) return Ok();
  if (bad_range(from, length + shift)) return from.value > ~0ULL - page_up(length + shift) ? Errc::invalid_argument : Errc::out_of_memory;
  const VirtRange r{from, from + page_up(length + shift)};
  if (r.empty()) return Ok();
  if (lock) {
    // Pages first: when memory is refused, nothing is locked.
    TRY(state_->areas.read([&](const Areas& a) -> Status { return (a.locked_pages << kPageShift) + r.size() > limits.locked ? Status(Errc::out_of_memory) : Ok(); }));
    if (how == PageLock::now) TRY(populate(r.begin, r.size()));
  }
  return state_->areas.write([&](Areas& a) -> Status {
    if (lock && ((a.locked_pages << kPageShift) + r.size()) > limits.locked) return Errc::out_of_memory;
    const Status s = for_areas(a, r, *this, [&](Area& x) -> Status {
      if (x.locked != lock) {
        a.locked_pages = lock ? a.locked_pages + x.pages() : a.locked_pages - x.pages();
        x.locked = lock;
      }
      x.lock_on_fault = how == PageLock::on_fault;
      return Ok();
    });
    merge_all(a, r, *this);
    return s;
  });
}

Status Vm::seal(VirtAddr at, u64 length) const {
  if (at.page_offset() != 0 || page_up(length) < length || page_up(length) > ~0ULL - at.value) return Errc::invalid_argument;
  if (length == 0) return Ok();
  if (bad_range(at, length)) return Errc::out_of_memory;
  const VirtRange r{at, at + page_up(length)};
  return state_->areas.write([&](Areas& a) -> Status {
    // With a hole nothing is sealed.
    for (VirtAddr p = r.begin; p < r.end;) {
      const Opt<u64> k = find_area(a, p);
      if (!k) return Errc::out_of_memory;
      a.by_start.with(*k, [&](const Area& x) { p = x.range.end; });
    }
    const Status s = for_areas(a, r, *this, [](Area& x) -> Status {
      x.sealed = true;
      return Ok();
    });
    merge_all(a, r, *this);
    return s;
  });
}

Status Vm::lock_all(LockAll what, const VmLimits& limits) const {
  TRY(state_->areas.write([&](Areas& a) -> Status {
    if (what.now && (a.total_pages << kPageShift) > limits.locked) return Errc::out_of_memory;
    a.lock_future = what.future;
    a.future_on_fault = what.future && what.on_fault;
    if (!what.now && what.future) return Ok();
    a.locked_pages = 0;
    a.by_start.each([&](const u64&, Area& x) {
      x.locked = what.now;
      x.lock_on_fault = what.now && what.on_fault;
      a.locked_pages += what.now ? x.pages() : 0;
    });
    return Ok();
  }));
  if (!what.now || what.on_fault) return Ok();
  Vec<VirtRange> all{};
  state_->areas.read([&](const Areas& a) { a.by_start.each([&](const u64&, const Area& x) { all.push_back(x.range); }); });
  for (const VirtRange& r : all) static_cast<void>(populate(r.begin, r.size()).ok());  // as Linux: a failure is not told
  return Ok();
}

}  // namespace svc::vm
