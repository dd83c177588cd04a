// SPDX-License-Identifier: MPL-2.0
// Vm: creation, end, pages that go away.
#include <services/vm/state.h>

namespace svc::vm {

namespace {

// Lets user_io resolve missing pages through the Vm; holds it weakly, since the Vm holds the address space.
class Resolver final : public FaultHandler {
 public:
  explicit Resolver(WeakCap<Vm> vm) : vm_(std::move(vm)) {}
  Status handle_fault(VirtAddr at, Access access) const override {
    const Opt<DynCap<Vm>> vm = vm_.lock();
    if (!vm) return Errc::fault;
    const CapRef<Vm, memory::use> memory = TRY(vm->as<memory::use>());
    const Vm::FaultResult r = memory.fault(at.page_down(), access, VmLimits{});
    if (r.ok) return Ok();
    return r.reason == Vm::FaultReason::beyond_end ? Errc::io : Errc::fault;
  }

 private:
  WeakCap<Vm> vm_;
};

}  // namespace

Vm::Vm(Ref<AddressSpace> space, Ref<Account> account)
    : space_(std::move(space)), account_(account), state_(make_own<State>(std::move(account))) {}

Vm::~Vm() { clear(); }

Result<Ref<Vm>> Vm::make(Ref<Account> account) {
  Ref<AddressSpace> space = TRY(AddressSpace::create());
  Ref<Vm> vm = make_ref<Vm>(space, std::move(account));
  const Ref<Resolver> resolver = make_ref<Resolver>(WeakCap<Vm>(DynCap<Vm>::mint(MintKey(), vm, memory::use)));
  vm->resolver_.set(Ref<FaultHandler>(resolver));
  space->set_fault_handler(Weak<FaultHandler>(Ref<FaultHandler>(resolver)));
  return vm;
}

Result<Cap<Vm, memory::all>> Vm::create(Ref<Account> account) {
  Ref<Vm> vm = TRY(make(std::move(account)));
  return Cap<Vm, memory::all>::mint(MintKey(), std::move(vm));
}

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
