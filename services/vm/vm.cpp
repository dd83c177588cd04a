// SPDX-License-Identifier: MPL-2.0
// Vm: creation, end, what /proc shows.
#include <services/vm/state.h>

namespace svc::vm {
namespace {

// Lets user_io resolve missing pages through the Vm; holds it weakly, since the Vm holds the address space.
class Resolver final : public FaultHandler {
 public:
  explicit Resolver(Weak<Vm> vm) : vm_(std::move(vm)) {}
  Status handle_fault(VirtAddr at, Access access) const override {
    const Opt<Ref<Vm>> vm = vm_.lock();
    if (!vm) return Errc::fault;
    const Vm::FaultResult r = (*vm)->fault(at.page_down(), access, VmLimits{});
    if (r.ok) return Ok();
    return r.reason == Vm::FaultReason::beyond_end ? Errc::io : Errc::fault;
  }

 private:
  Weak<Vm> vm_;
};

}  // namespace

Vm::Vm(Ref<AddressSpace> space, Ref<Account> account)
    : space_(std::move(space)), account_(account), state_(make_own<State>(std::move(account))) {}

Vm::~Vm() { clear(); }

Result<Ref<Vm>> Vm::create(Ref<Account> account) {
  Ref<AddressSpace> space = TRY(AddressSpace::create());
  Ref<Vm> vm = make_ref<Vm>(space, std::move(account));
  const Ref<Resolver> resolver = make_ref<Resolver>(Weak<Vm>(vm));
  vm->resolver_.set(Ref<FaultHandler>(resolver));
  space->set_fault_handler(Weak<FaultHandler>(Ref<FaultHandler>(resolver)));
  return vm;
}

const Ref<AddressSpace>& Vm::space_ref() const { return space_; }

void Vm::drop_range(VirtRange r) const {
  constexpr usize kPages = 2048;  // at a time, about: nobody else may run on this CPU meanwhile
  if (space_->mapped_pages() <= kPages) {
    Cursor c(*space_, r);
    static_cast<void>(c.unmap(r));
    return;
  }
  for (VirtAddr at = r.begin; at < r.end;) {
    {
      Cursor c(*space_, {at, r.end});
      const Opt<VirtAddr> first = c.next_mapped(at);
      if (!first) return;
      const VirtAddr end = r.end.value - first->value > kPages * kPageSize ? *first + kPages * kPageSize : r.end;
      static_cast<void>(c.unmap({*first, end}));
      at = end;
    }
    task::preempt_point();
  }
}

void Vm::clear() const {
  drop_range({kUserBegin, kUserEnd});
  // One by one: freeing must not need memory. Each dies outside the lock: files may close.
  for (;;) {
    const Opt<Area> gone = state_->areas.write([&](Areas& a) { return take_first(a, *this); });
    if (!gone) return;
  }
}

// In pieces: between two of them areas may come and go.
void Vm::each_area(FnRef<void(const AreaInfo&)> f) const {
  constexpr usize kPiece = 32;
  for (Opt<u64> next{0}; next;) {
    Vec<AreaInfo> list{};
    next = state_->areas.read([&](const Areas& a) {
      Opt<u64> k = a.by_start.lower_bound(*next);
      for (; k && list.size() < kPiece; k = a.by_start.lower_bound(*k + 1)) {
        AreaInfo i{};
        a.by_start.with(*k, [&](const Area& x) {
          i.range = x.range;
          i.prot = x.prot;
          i.sharing = x.sharing;
          i.offset = x.offset;
          i.file = x.file;
          i.name = x.name;
        });
        list.push_back(std::move(i));
      }
      return k;
    });
    for (const AreaInfo& i : list) f(i);
  }
}

VmStats Vm::stats() const {
  VmStats s{};
  s.resident_pages = space_->mapped_pages();
  s.table_pages = space_->table_pages();
  state_->areas.read([&](const Areas& a) {
    s.total_pages = a.total_pages;
    s.peak_total_pages = a.peak_pages;
    s.locked_pages = a.locked_pages;
    a.by_start.each([&](const u64&, const Area& x) {
      if (x.grows_down) s.stack_pages += x.pages();
      else if (x.prot.exec) s.exec_pages += x.pages();
      else if (x.prot.write && x.sharing == Sharing::private_) s.data_pages += x.pages();
      if (x.sharing == Sharing::shared) s.shared_pages += x.pages();
    });
    return true;
  });
  s.peak_resident_pages = peak_resident_pages();
  return s;
}

u64 Vm::peak_resident_pages() const {
  const u64 now = space_->mapped_pages();
  u64 peak = state_->peak_resident.load(Order::relaxed);
  while (peak < now && !state_->peak_resident.compare_exchange(peak, now)) {
  }
  return peak < now ? now : peak;
}

Layout Vm::layout() const { return state_->areas.read([](const Areas& a) { return a.layout; }); }
void Vm::set_layout(const Layout& l) const {
  state_->areas.write([&](Areas& a) { a.layout = l; });
}

bool Vm::shared_at(VirtAddr at) const {
  return state_->areas.read([&](const Areas& a) {
    const Opt<u64> k = find_area(a, at);
    bool shared = false;
    if (k) a.by_start.with(*k, [&](const Area& x) { shared = x.sharing == Sharing::shared; });
    return shared;
  });
}

void Vm::drop_pages(const RefCounted& object, u64 first, u64 end, bool private_copies_too) const {
  state_->areas.read([&](const Areas& a) {
    a.by_start.each([&](const u64&, const Area& x) {
      if (!x.object || !x.object->ref().same_object(object)) return;
      const u64 base = x.offset >> kPageShift;
      const u64 lo = first > base ? first - base : 0;
      const u64 hi = end > base ? end - base : 0;
      if (lo >= x.pages() || hi == 0) return;
      const VirtRange r{x.range.begin + (lo << kPageShift), hi < x.pages() ? x.range.begin + (hi << kPageShift) : x.range.end};
      if (r.empty()) return;
      Cursor c(*space_, r);
      if (private_copies_too || x.sharing == Sharing::shared) static_cast<void>(c.unmap(r));
      else drop_clean(c, r, x);
    });
    return true;
  });
}

// Only pages that are still the object's own, not private copies.
void Vm::drop_clean(Cursor& c, VirtRange r, const Area& x) const {
  constexpr u64 kPiece = 32 * kPageSize;
  for (VirtAddr from = r.begin; from < r.end;) {
    const VirtAddr end = r.end.value - from.value > kPiece ? from + kPiece : r.end;
    Vec<VirtAddr, 32> shared_pages{};
    c.each({from, end}, [&](VirtAddr at, const Mapping& m) {
      const Opt<UFrame> f = present_page(x, at);
      if (f && f->same(m.frame)) shared_pages.push_back(at);
    });
    for (const VirtAddr& at : shared_pages) static_cast<void>(c.unmap({at, at + kPageSize}));
    const Opt<VirtAddr> next = end < r.end ? c.next_mapped(end) : none;
    if (!next || *next >= r.end) return;
    from = *next;
  }
}

}  // namespace svc::vm
