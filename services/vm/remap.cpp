// SPDX-License-Identifier: MPL-2.0
// mremap(2): shrink, grow in place, move.
#include <services/vm/state.h>

namespace svc::vm {
namespace {

constexpr u32 kMayMove = 1, kFixed = 2, kDontUnmap = 4;

// The one area that holds all of r. Errors: fault as mremap(2) says for holes and borders.
Result<u64> only_area(const Areas& a, VirtRange r) {
  const Opt<u64> k = find_area(a, r.begin);
  if (!k) return Errc::fault;
  bool whole = false;  // an empty range is in the area that holds its begin
  a.by_start.with(*k, [&](const Area& x) { whole = r.end <= x.range.end; });
  if (!whole) return Errc::fault;
  return *k;
}

}  // namespace

Result<VirtAddr> Vm::remap(const RemapRequest& q, const VmLimits& limits) const {
  if ((q.flags & ~(kMayMove | kFixed | kDontUnmap)) != 0 || ((q.flags & kFixed) != 0 && (q.flags & kMayMove) == 0)) return Errc::invalid_argument;
  const bool keep_old = (q.flags & kDontUnmap) != 0;
  if (keep_old && ((q.flags & kMayMove) == 0 || q.old_length != q.new_length)) return Errc::invalid_argument;
  const u64 old_length = page_up(q.old_length), new_length = page_up(q.new_length);
  if (q.old_at.page_offset() != 0 || new_length == 0) return Errc::invalid_argument;
  // Before anything at a fixed place is unmapped.
  TRY(state_->areas.read([&](const Areas& a) -> Status {
    if (!find_area(a, q.old_at)) return Errc::fault;
    return any_sealed(a, {q.old_at, q.old_at + kPageSize}) ? Status(Errc::not_permitted) : Ok();
  }));
  const bool fixed = (q.flags & kFixed) != 0;
  if (!fixed && !keep_old && new_length == old_length) return q.old_at;
  if (new_length > kUserEnd.value && fixed) return Errc::invalid_argument;
  if (old_length > kUserEnd.value - q.old_at.value) return new_length < old_length ? Errc::invalid_argument : Errc::fault;
  if (new_length > kUserEnd.value && new_length > old_length) return Errc::out_of_memory;
  const VirtRange old{q.old_at, q.old_at + old_length};
  if (fixed) {
    if (q.new_at.page_offset() != 0 || q.new_at.value > kUserEnd.value - new_length || q.new_at.value < kMinAddress) return Errc::invalid_argument;
    if (old.overlaps({q.new_at, q.new_at + new_length})) return Errc::invalid_argument;
    TRY(unmap(q.new_at, new_length));
  }
  if (new_length < old_length) TRY(unmap(q.old_at + new_length, old_length - new_length));
  const u64 keep = new_length < old_length ? new_length : old_length;
  if (!fixed && !keep_old && new_length < old_length) return q.old_at;
  return state_->areas.write([&](Areas& a) -> Result<VirtAddr> {
    const u64 key = TRY(only_area(a, {old.begin, old.begin + keep}));
    const u64 more = keep_old ? new_length : new_length - keep;
    if (old_length == 0) return duplicate(a, key, q, new_length, limits);
    if (((a.total_pages << kPageShift) + more) > limits.address_space) return Errc::out_of_memory;
    bool accounted = false, at_end = false;
    a.by_start.with(key, [&](const Area& x) {
      accounted = x.commit.pages() != 0;
      at_end = x.range.end == old.begin + keep;
    });
    Commit extra = accounted ? TRY(Commit::take(account_, more >> kPageShift)) : Commit();
    if (!fixed && !keep_old && at_end && old.begin.value <= kUserEnd.value - new_length && range_free(a, {old.begin + keep, old.begin + new_length})) {
      a.by_start.with(key, [&](Area& x) {
        x.range.end = old.begin + new_length;
        space_->note_area(x.range);
        if (accounted) x.commit.merge(std::move(extra));
      });
      a.total_pages += more >> kPageShift;
      merge_at(a, old.begin + new_length, *this);
      return q.old_at;
    }
    if ((q.flags & kMayMove) == 0) return Errc::out_of_memory;
    VirtAddr to = q.new_at;
    if (!fixed) {
      const Opt<VirtAddr> place = find_free(a, new_length);
      if (!place) return Errc::out_of_memory;
      to = *place;
    }
    // What counts its areas does not go to none meanwhile.
    Opt<Ref<MemoryObject>> object{};
    a.by_start.with(key, [&](const Area& x) {
      if (x.object && (*x.object)->counts_areas()) object = x.object->ref();
    });
    if (object) (*object)->add_user(Weak<PageUser>(ref_of<PageUser>(*this)));
    Map<u64, Area> taken = take_areas(a, {old.begin, old.begin + keep}, *this);
    Opt<Area> piece = taken.remove(old.begin.value);
    Area x = std::move(*piece);
    Opt<Area> left{};
    if (keep_old) {
      left = x.same_for(x.range);
      left->commit = std::move(extra);
      x.locked = left->locked = false;
      x.lock_on_fault = left->lock_on_fault = false;
    } else if (accounted) {
      x.commit.merge(std::move(extra));
    }
    x.range = {to, to + new_length};
    {
      const VirtAddr low = to < old.begin ? to : old.begin;
      const VirtAddr high = to < old.begin ? old.begin + keep : to + new_length;
      Cursor c(*space_, {low, high});
      c.move({old.begin, old.begin + keep}, to);
    }
    space_->note_area(x.range);
    insert_area(a, std::move(x), *this);
    if (left) insert_area(a, *std::move(left), *this);
    if (object) (*object)->remove_user(*this);
    return to;
  });
}

// Old length 0: a second mapping of the same shared pages [mremap(2), NOTES].
Result<VirtAddr> Vm::duplicate(Areas& a, u64 key, const RemapRequest& q, u64 length, const VmLimits& limits) const {
  Area x{};
  a.by_start.with(key, [&](const Area& old) {
    x = old.same_for({q.old_at, q.old_at + length});
    x.offset = old.offset + (q.old_at - old.range.begin);
  });
  if (x.sharing != Sharing::shared) return Errc::invalid_argument;
  if ((q.flags & kMayMove) == 0 || ((a.total_pages << kPageShift) + length) > limits.address_space) return Errc::out_of_memory;
  const Opt<VirtAddr> place = (q.flags & kFixed) != 0 ? Opt<VirtAddr>(q.new_at) : find_free(a, length);
  if (!place) return Errc::out_of_memory;
  x.range = {*place, *place + length};
  insert_area(a, std::move(x), *this);
  return *place;
}

}  // namespace svc::vm
