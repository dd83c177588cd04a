// SPDX-License-Identifier: MPL-2.0
// AddressSpace: creation and the end, where no flush is needed, since the target has taken it from every CPU before.
#include <common/target.h>
#include <mem/cursor_impl.h>
#include <new>

namespace ostd::common {

target::AddressSpaceData& target_data(AddressSpace::Core& as) {
  // SAFETY: made in AddressSpace::create().
  return *std::launder(reinterpret_cast<target::AddressSpaceData*>(as.target_data));
}
PhysAddr table_root(AddressSpace::Core& as) { return PhysAddr{as.root << kPageShift}; }

namespace {

void destroy(AddressSpace::Core* core) {
  using target::AddressSpaceData;
  target_data(*core).~AddressSpaceData();
  delete core;
}

// Frees everything below the user half of the top table.
void free_tables(AddressSpace::Core& as) {
  constexpr u32 kUserTop = static_cast<u32>((kUserEnd.value - 1) >> (kPageShift + 27)) + 1;
  const u64* top = reinterpret_cast<const u64*>(frame_data(as.root));
  for (u32 a = 0; a != kUserTop; ++a) {
    if ((top[a] & kPtePresent) == 0) continue;
    const u64* third = pte_table(top[a]);
    for (u32 b = 0; b != kPteCount; ++b) {
      if ((third[b] & kPtePresent) == 0) continue;
      const u64* second = pte_table(third[b]);
      for (u32 d = 0; d != kPteCount; ++d)
        if (second[d] & kPtePresent) free_leaf(pte_pfn(second[d]));
      frame_free(pte_pfn(third[b]));
    }
    frame_free(pte_pfn(top[a]));
  }
  frame_free(as.root);
}

}  // namespace
}  // namespace ostd::common

namespace c = ostd::common;

auto ostd::AddressSpace::create() -> Result<Ref<AddressSpace>> {
  static_assert(sizeof(target::AddressSpaceData) <= sizeof(Core::target_data) && alignof(target::AddressSpaceData) <= 16);
  auto* core = new Core;
  ::new (static_cast<void*>(core->target_data)) target::AddressSpaceData{};
  core->root = c::frame_alloc(c::FrameKind::table);
  core->tables.store(1, Order::relaxed);
  c::frame_zero(core->root);
  if (const Status s = target::address_space_init(*core); !s.ok()) {
    c::frame_free(core->root);
    c::destroy(core);
    return Err(s.error());
  }
  return make_ref<AddressSpace>(core);
}

ostd::AddressSpace::~AddressSpace() {
  target::address_space_fini(*core_);
  c::free_tables(*core_);
  c::destroy(core_);
}

auto ostd::AddressSpace::set_fault_handler(Weak<FaultHandler> handler) const -> void {
  OSTD_CHECK(core_->has_handler.load(Order::relaxed) == 0 && "the fault handler is set once");
  core_->handler = std::move(handler);
  core_->has_handler.store(1, Order::release);  // publishes the handler to user_io
}

auto ostd::AddressSpace::mapped_pages() const -> usize { return core_->resident.load(Order::relaxed); }
auto ostd::AddressSpace::table_pages() const -> usize { return core_->tables.load(Order::relaxed); }
