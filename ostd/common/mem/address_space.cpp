// SPDX-License-Identifier: MPL-2.0
// AddressSpace: creation and the end, where no flush is needed, since the target has taken it from every CPU before.
#include <common/target.h>
#include <mem/cursor_impl.h>
#include <new>

namespace ostd::common {

target::AddressSpaceData& target_data(AddressSpace::Core& as) { return target_part(as); }
PhysAddr table_root(AddressSpace::Core& as) { return PhysAddr{as.root << kPageShift}; }

namespace {

void destroy(AddressSpace::Core* core) {
  using target::AddressSpaceData;
  // SAFETY: made by create() in this storage; the Core goes away next.
  target_data(*core).~AddressSpaceData();
  delete core;
}

// Frees everything below a table of the given level, and the table.
void free_below(u64 table_pfn, u32 level) {
  if (level == 0) return free_leaf(table_pfn);
  // SAFETY: the caller names a table frame, which nobody else can reach any more.
  u64* t = reinterpret_cast<u64*>(frame_data(table_pfn));
  each_used(table_used(frame_meta(table_pfn)), 0, kPteCount, [&](u32 i) {
    if (t[i] & kPtePresent) free_below(pte_pfn(t[i]), level - 1);
    t[i] = 0;
  });
  level == 3 ? root_free(table_pfn) : table_free(table_pfn);
}

}  // namespace
}  // namespace ostd::common

namespace c = ostd::common;

auto ostd::AddressSpace::create() -> Result<Ref<AddressSpace>> {
  static_assert(sizeof(target::AddressSpaceData) <= sizeof(Core::target_data) && alignof(target::AddressSpaceData) <= 16);
  auto* core = new Core;
  // SAFETY: size and alignment are checked above; the storage holds nothing yet.
  ::new (static_cast<void*>(core->target_data)) target::AddressSpaceData{};
  core->root = c::root_alloc(core->root_recycled);
  core->tables.store(1, Order::relaxed);
  if (const Status s = target::address_space_init(*core); !s.ok()) {
    c::frame_zero(core->root);
    c::table_free(core->root);
    c::destroy(core);
    return Err(s.error());
  }
  return make_ref<AddressSpace>(core);
}

ostd::AddressSpace::~AddressSpace() {
  target::address_space_fini(*core_);
  c::free_below(core_->root, 3);
  c::destroy(core_);
}

static constexpr ostd::u32 kGranule = 24;

auto ostd::AddressSpace::note_area(VirtRange r) const -> void {
  Core& c = *core_;
  const u64 first = r.begin.value >> kGranule, last = (r.end.value - 1) >> kGranule;
  for (u64 g = first; g <= last && g - first < 64 * 64; ++g)
    if ((c.noted[g / 64 % 64].load(Order::relaxed) >> g % 64 & 1) == 0) c.noted[g / 64 % 64].fetch_or(1ULL << g % 64, Order::seq_cst);
  for (u32 i = c.watched_count.load(Order::seq_cst); i-- != 0;)
    if (r.overlaps(c.watched[i])) c.watched_used.store(1);
}

bool ostd::AddressSpace::Core::watch(VirtRange r) {
  const u64 first = r.begin.value >> kGranule, last = (r.end.value - 1) >> kGranule;
  const auto used = [&] {
    for (u64 g = first; g <= last; ++g)
      if (noted[g / 64 % 64].load(Order::seq_cst) >> g % 64 & 1) return true;
    return false;
  };
  const u32 n = watched_count.load(Order::relaxed);
  if (n == kWatched || used()) return false;
  watched[n] = r;
  watched_count.store(n + 1, Order::seq_cst);
  return !used();
}

auto ostd::AddressSpace::set_fault_handler(Weak<FaultHandler> handler) const -> void {
  OSTD_CHECK(core_->has_handler.load(Order::relaxed) == 0 && "the fault handler is set once");
  core_->handler = std::move(handler);
  core_->has_handler.store(1, Order::release);  // publishes the handler to user_io
}

auto ostd::AddressSpace::mapped_pages() const -> usize { return core_->resident.load(Order::relaxed); }
auto ostd::AddressSpace::table_pages() const -> usize { return core_->tables.load(Order::relaxed); }
