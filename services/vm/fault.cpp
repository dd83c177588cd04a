// SPDX-License-Identifier: MPL-2.0
// Page faults: demand paging and copy-on-write.
#include <services/vm/state.h>

namespace svc::vm {
namespace {

constexpr u64 kAhead = 16;        // pages filled at once on sequential first touch
constexpr u64 kStackGap = 256;    // pages kept free below a growing stack (stack_guard_gap)

using FaultResult = Vm::FaultResult;
using FaultReason = Vm::FaultReason;

FaultResult fail(FaultReason r) { return {false, r}; }

Prot without_write(Prot p) { return {in_hardware(p).read, false, p.exec}; }

// A page of the area's own: one that its Commit promised, or else (MAP_NORESERVE and the like) one of the task's credit.
UFrame new_page(const Area& x, Zero zero) { return x.commit.pages() != 0 ? x.commit.alloc(zero) : UFrame::alloc(zero); }

// The mapping is there but does not allow the write: the page is ours alone (the page table and `m`), or it is copied.
void make_writable(Cursor& c, VirtAddr at, const Mapping& m, const Area& x) {
  if (m.frame.share_count() <= 2) {
    c.protect({at, at + kPageSize}, in_hardware(x.prot));
    return;
  }
  UFrame copy = new_page(x, Zero::no);
  copy.copy_from(m.frame);
  c.map(at, std::move(copy), in_hardware(x.prot));
}

// True when the access works now.
bool upgrade(Cursor& c, VirtAddr at, Access access, const Area& x) {
  const Opt<Mapping> m = c.query(at);
  if (!m) return false;
  if (!m->prot.allows(access)) {
    if (access == Access::write && x.sharing == Sharing::private_) make_writable(c, at, *m, x);
    else c.protect({at, at + kPageSize}, x.sharing == Sharing::private_ ? without_write(x.prot) : in_hardware(x.prot));
  }
  return true;
}

VirtRange window(const Area& x, VirtAddr at, u64 pages) {
  const VirtAddr lo(at.value & ~(pages * kPageSize - 1));
  const VirtAddr hi = lo + pages * kPageSize;
  return {lo < x.range.begin ? x.range.begin : lo, hi < x.range.end ? hi : x.range.end};
}

FaultResult anonymous(const AddressSpace& as, const Area& x, VirtAddr at, Access access) {
  // Filling ahead only goes upwards from the fault, so a random access costs one page.
  const VirtAddr limit = at + kAhead * kPageSize;
  const VirtRange ahead{at, limit < x.range.end ? limit : x.range.end};
  const VirtAddr low = at > x.range.begin ? at - kPageSize : at;
  if (!mem::reserve(kAhead + 4).ok()) return fail(FaultReason::out_of_memory);
  Cursor c(as, {low, ahead.end});
  if (upgrade(c, at, access, x)) return {};
  c.map(at, new_page(x, Zero::yes), in_hardware(x.prot));
  if (low == at || !c.mapped(low)) return {};
  for (VirtAddr p = at + kPageSize; p < ahead.end && !c.mapped(p); p += kPageSize) c.map(p, new_page(x, Zero::yes), in_hardware(x.prot));
  return {};
}

// Area::may has let no access come here that the rights on the object do not allow.
Result<UFrame> object_page(const Area& x, VirtAddr at, bool writes) {
  if (writes) {
    const Result<CapRef<MemoryObject, memory_object::write>> o = x.object->as<memory_object::write>();
    return o.ok() ? o.value().page_to_write(x.index_of(at)) : Result<UFrame>(o.error());
  }
  const Result<CapRef<MemoryObject, memory_object::read>> o = x.object->as<memory_object::read>();
  return o.ok() ? o.value().page(x.index_of(at)) : Result<UFrame>(o.error());
}

FaultResult from_object(const AddressSpace& as, const Area& x, VirtAddr at, Access access) {
  const bool copies = x.sharing == Sharing::private_;
  if (!mem::reserve(kAhead + 4).ok()) return fail(FaultReason::out_of_memory);
  const Result<UFrame> page = object_page(x, at, !copies && access == Access::write);
  if (!page.ok()) return fail(page.error() == Errc::io ? FaultReason::beyond_end : FaultReason::out_of_memory);
  const VirtRange w = window(x, at, kAhead);
  Cursor c(as, w);
  if (upgrade(c, at, access, x)) return {};
  if (copies && access == Access::write) {
    UFrame mine = new_page(x, Zero::no);
    mine.copy_from(page.value());
    c.map(at, std::move(mine), in_hardware(x.prot));
    return {};
  }
  c.map(at, page.value(), copies || access != Access::write ? without_write(x.prot) : in_hardware(x.prot));
  // Neighbours that are in memory already come along.
  for (VirtAddr p = w.begin; p < w.end; p += kPageSize) {
    if (p == at || c.mapped(p)) continue;
    Opt<UFrame> f = present_page(x, p);
    if (f) c.map(p, std::move(*f), without_write(x.prot));
  }
  return {};
}

}  // namespace

Opt<UFrame> present_page(const Area& x, VirtAddr at) {
  if (!x.object) return none;
  const Result<CapRef<MemoryObject, memory_object::read>> o = x.object->as<memory_object::read>();
  return o.ok() ? o.value().page_if_present(x.index_of(at)) : Opt<UFrame>();
}

Vm::FaultResult Vm::fault(VirtAddr at, Access access, const VmLimits& limits) const {
  if (at.value >= kUserEnd.value) return fail(FaultReason::not_mapped);
  for (u32 tries = 0; tries < 2; ++tries) {
    bool found = false;
    const FaultResult r = state_->areas.read([&](const Areas& a) {
      FaultResult out = fail(FaultReason::not_mapped);
      const Opt<u64> k = find_area(a, at);
      if (!k) return out;
      found = true;
      a.by_start.with(*k, [&](const Area& x) {
        if (!in_hardware(x.prot).allows(access)) out = fail(FaultReason::not_allowed);
        else out = x.anonymous() ? anonymous(*space_, x, at, access) : from_object(*space_, x, at, access);
      });
      return out;
    });
    if (found || !grow_stack(at, limits)) return r;
  }
  return fail(FaultReason::not_mapped);
}

// The page for a debugger, whatever the area's rights; for writing, one that nobody else sees. Errors: fault (no area; shared and not
// writable), out_of_memory.
Result<UFrame> Vm::force(VirtAddr page, Access access) const {
  return state_->areas.read([&](const Areas& a) -> Result<UFrame> {
    const Opt<u64> k = find_area(a, page);
    if (!k) return Errc::fault;
    TRY(mem::reserve(kAhead + 4));
    Result<UFrame> out = Errc::fault;
    a.by_start.with(*k, [&](const Area& x) {
      const bool writes = access == Access::write;
      if (x.sharing == Sharing::shared && (writes ? !x.prot.write : !x.may({true, false, false}))) return;
      Opt<UFrame> from_file{};
      if (!x.anonymous()) {
        Result<UFrame> p = object_page(x, page, writes && x.sharing == Sharing::shared);
        if (!p.ok()) {
          out = p.error() == Errc::io ? Errc::fault : p.error();
          return;
        }
        from_file = Opt<UFrame>(std::move(p).value());
      }
      Cursor c(*space_, {page, page + kPageSize});
      const Opt<Mapping> m = c.query(page);
      const bool own = m && m->frame.share_count() <= 2;
      if (m && (!writes || own || x.sharing == Sharing::shared)) {
        out = Result<UFrame>(m->frame);
        return;
      }
      if (!m && from_file && (!writes || x.sharing == Sharing::shared)) {
        out = Result<UFrame>(*from_file);
        return;
      }
      UFrame mine = new_page(x, m || from_file ? Zero::no : Zero::yes);
      if (m) mine.copy_from(m->frame);
      else if (from_file) mine.copy_from(*from_file);
      out = Result<UFrame>(mine);
      c.map(page, std::move(mine), x.prot.write ? in_hardware(x.prot) : without_write(x.prot));
    });
    return out;
  });
}

// A touch below a growing area extends it down to there, within the stack limit and away from its lower neighbour.
bool Vm::grow_stack(VirtAddr at, const VmLimits& limits) const {
  return state_->areas.write([&](Areas& a) {
    const Opt<u64> k = a.by_start.lower_bound(at.value);
    if (!k || find_area(a, at)) return false;
    bool can = false;
    a.by_start.with(*k, [&](const Area& x) { can = x.grows_down && x.range.end - at <= limits.stack; });
    if (!can) return false;
    const Opt<u64> under = a.by_start.below(at.value);
    if (under) {
      bool near = false;
      a.by_start.with(*under, [&](const Area& x) { near = !x.prot.none() && x.range.end + kStackGap * kPageSize > at; });
      if (near) return false;
    }
    Opt<Area> x = a.by_start.remove(*k);
    a.total_pages += (x->range.begin - at) >> kPageShift;
    x->range.begin = at;
    a.by_start.insert(at.value, std::move(*x));
    return true;
  });
}

Status Vm::populate(VirtAddr at, u64 length) const {
  for (u64 done = 0; done < length; done += kPageSize) {
    const VirtAddr p = at + done;
    const Prot prot = state_->areas.read([&](const Areas& a) {
      Prot out{};
      const Opt<u64> k = find_area(a, p);
      if (k) a.by_start.with(*k, [&](const Area& x) { out = x.prot; });
      return out;
    });
    if (prot.none()) continue;
    const FaultResult r = fault(p, prot.write ? Access::write : Access::read, VmLimits{});
    if (!r.ok) return r.reason == FaultReason::beyond_end ? Errc::io : Errc::out_of_memory;
    ostd::task::preempt_point();
  }
  return Ok();
}

}  // namespace svc::vm
