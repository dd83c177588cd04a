// SPDX-License-Identifier: MPL-2.0
// The stub process's mappings as the TLB of an address space: filled from the page table on a fault, dropped by tlb_flush.
//
// Dropping is put off while no thread of the process runs user code: the next one to enter does it first. Order against other
// CPUs: an entry is marked kPteMapped before its mmap is issued, both under Space::lock; whoever changes a marked entry calls
// tlb_flush, which takes the lock later and waits for commands that are still on their way (Slot::has_commands).
#include "linux/host_thread.h"
#include "user/gate.h"
#include "user/patch.h"
#include "user/slot.h"

#include <common/page_table.h>
#include <common/target.h>

namespace ostd::host {

namespace {
using stub::Cmd;

constexpr u64 kAround = 16 * kPageSize;
constexpr u64 kMmap = 9, kMunmap = 11;
constexpr u64 kMapFlags = 0x1 | 0x10 | 0x8000;  // MAP_SHARED | MAP_FIXED | MAP_POPULATE
constexpr VirtRange kEverything{VirtAddr{0}, kUserEnd};
static_assert(kFlushRanges + kAround / kPageSize <= stub::kMaxCmds);

}  // namespace

void tlb_make_stale(Space& s, VirtRange r) {
  if (s.stale_all || r.empty()) return;
  for (u32 i = 0; i < s.stale_count; i++)
    if (VirtRange& o = s.stale[i]; r.begin <= o.end && o.begin <= r.end) {
      if (r.begin < o.begin) o.begin = r.begin;
      if (r.end > o.end) o.end = r.end;
      return;
    }
  if (s.stale_count == kFlushRanges) s.stale_all = true;
  else s.stale[s.stale_count++] = r;
}

void tlb_wait_commands(Space& s) {
  for (u32 i = s.first; i != kNoSlot; i = slots[i].next) {
    Slot& t = slots[i];
    if (t.running.load() == 0 || t.has_commands.load() == 0) continue;
    // acquire: the stub stores 0 after the last command. Isolated, only what the gate has seen counts.
    const auto pending = [&] { return gate_on() ? gate_pending(t) : __atomic_load_n(&ctl_of(t).commands, __ATOMIC_ACQUIRE) != 0; };
    Patience p;
    for (u32 n = 0; t.running.load() != 0 && pending() && s.dead.load() == 0; n++) {
      n < 100 ? target::cpu_relax() : yield_thread();
      if (n % 256 == 255 && p.out()) space_kill(s, kNoAnswer);
    }
  }
}

namespace {

u32 stale_commands(Space& s, Cmd* to) {
  u32 n = 0;
  if (s.stale_all) {
    common::pte_clear_mapped(*s.core, kEverything);
    to[n++] = {kMunmap, {0, stub::kTop}, 0};
    s.mappings = 0;
  } else {
    for (; n < s.stale_count; n++) to[n] = {kMunmap, {s.stale[n].begin.value, s.stale[n].size()}, 0};
  }
  s.mappings += n;  // each can cut one in two
  s.stale_count = 0;
  s.stale_all = false;
  return n;
}

// Whether the host could refuse the stub one more batch. What it may have at most: two more for each mmap, one for each munmap.
bool many_mappings(const Space& s) {
  return gate_on() && s.mappings + 2 * stub::kMaxCmds + s.slots + 16 > gate_most_mappings();
}

// Requires: Space::lock.
bool drop_stale(Space& s, Slot& by) {
  Cmd cmds[kFlushRanges];
  u32 failed = 0;
  s.stale_all |= many_mappings(s);
  u32 n = stale_commands(s, cmds);
  if (!run_commands(by, cmds, n, &failed)) return false;
  if (failed == 0) return true;
  // The host can refuse to cut a mapping in two (its limit of mappings); everything at once needs no cut.
  s.stale_all = true;
  n = stale_commands(s, cmds);
  if (run_commands(by, cmds, n, &failed) && failed == 0) return true;
  space_kill(s, "the host does not let it drop its mappings");
  return false;
}

// Present in the page table and not in the stub.
bool unmapped(Space& s, VirtAddr v) {
  const u64 e = common::pte_lookup(*s.core, v);
  return (e & (common::kPtePresent | common::kPteMapped)) == common::kPtePresent;
}
u64 host_rights(Prot p) { return (p.read || p.write ? 1U : 0U) | (p.write ? 3U : 0U) | (p.exec ? 5U : 0U); }

// Mappings for the page at `at` and for what lies around it in the page table.
u32 fill_commands(Space& s, VirtAddr at, Cmd* to, u32 room) {
  if (at >= kUserEnd) return 0;
  if (s.patches && (common::pte_lookup(*s.core, at) & common::kPtePresent) == 0) return patch_window(s, at, to);
  const VirtRange window{VirtAddr{at.value & ~(kAround - 1)}, VirtAddr{(at.value & ~(kAround - 1)) + kAround}};
  u32 n = 0;
  auto claim = [&](VirtAddr where) -> VirtAddr {
    const common::PteRun run = common::pte_claim_run(*s.core, where, Access::read, window);
    if (run.pages == 0) return where.page_down() + kPageSize;
    to[n++] = {kMmap, {run.at.value, run.pages * kPageSize, host_rights(run.prot), kMapFlags, static_cast<u64>(stub::kFdPhys), run.pfn << kPageShift}, 0};
    n += patch_overrides(s, run.at, run.pages, run.pfn, run.prot, to + n, room - n);
    return run.at + run.pages * kPageSize;
  };
  const VirtAddr after = claim(at);
  if (n == 0) return 0;
  const VirtAddr first{to[0].a[0]};
  for (VirtAddr v = window.begin; v < first && n < room;) v = unmapped(s, v) ? claim(v) : v + kPageSize;
  for (VirtAddr v = after; v < window.end && n < room;) v = unmapped(s, v) ? claim(v) : v + kPageSize;
  return n;
}
}  // namespace

namespace {
[[gnu::noinline]] bool prepare_commands(Slot& slot, Opt<VirtAddr> fill) {
  Space& s = *slot.space;
  [[clang::uninitialized]] Cmd cmds[stub::kMaxCmds];  // not made in the exchange page, where they could change while they are made
  u32 n = 0;
  if (many_mappings(s)) s.stale_all = true;
  if (s.stale_all || s.stale_count != 0) {
    // Other threads of the process could enter before this one has run its commands: then they are run now.
    if (s.bound > 1 || gate_on()) {
      if (!drop_stale(s, slot)) return false;
    } else {
      n = stale_commands(s, cmds);
    }
  }
  if (fill) n += fill_commands(s, *fill, cmds + n, stub::kMaxCmds - n);
  s.mappings += 2 * n;
  give_commands(slot, cmds, n);
  slot.has_commands.store(n);
  return s.dead.load() == 0;
}
}  // namespace

bool tlb_prepare(Slot& slot, Opt<VirtAddr> fill) {
  Space& s = *slot.space;
  patch_check(s);
  if (fill || s.stale_all || s.stale_count != 0) return prepare_commands(slot, fill);
  give_commands(slot, nullptr, 0);
  slot.has_commands.store(0);
  return s.dead.load() == 0;
}

bool tlb_recover(Slot& slot) {
  Space& s = *slot.space;
  Hold h(s.lock);
  s.stale_all = true;
  return drop_stale(s, slot);
}

namespace {
void flush(Space& s, const target::FlushBatch& batch) {
  Hold h(s.lock);
  if (s.dead.load() != 0) return;
  // The ranges cover everything that changed; dropping them is cheaper here than dropping all, whatever their number of pages.
  if (batch.ranges.empty()) s.stale_all = true;
  for (const VirtRange& r : batch.ranges) tlb_make_stale(s, r);
  // Isolated, no thread counts as parked: the program may have taken it back.
  if (s.runners.load() == 0 && !gate_on()) return;
  Slot* by = parked_slot(s);
  if (!by || (s.runners.load() == 0 && !gate_on())) return;  // whoever enters next drops them first
  tlb_wait_commands(s);
  drop_stale(s, *by);
}
}  // namespace

}  // namespace ostd::host

using namespace ostd;

void ostd::target::tlb_flush(AddressSpace::Core& as, const FlushBatch& batch) {
  host::Space& s = *host::space_of(as);
  host::flush(s, batch);
  // What a dead process had mapped is not freed while it still dies.
  if (host::gate_on() && s.dead.load() != 0) host::space_wait_end(s);
}

Status ostd::target::address_space_init(AddressSpace::Core& as) {
  host::Space* s = host::space_take();
  if (!s) return Err(Errc::out_of_memory);
  s->core = &as;
  as.cached_bit = common::kPteMapped;
  as.watched[0] = host::kThunkWindow;
  as.watched_count.store(1);
  host::space_of(as) = s;
  return {};
}
void ostd::target::address_space_fini(AddressSpace::Core& as) {
  if (host::Space* s = std::exchange(host::space_of(as), nullptr)) host::space_give_back(*s);
}
