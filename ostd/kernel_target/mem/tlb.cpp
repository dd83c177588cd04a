// SPDX-License-Identifier: MPL-2.0
// Loading of address spaces and the flush protocol.
#include <base/trap.h>
#include <common/address_space_core.h>
#include <common/target.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <cpu/speculation.h>
#include <irq/lapic.h>
#include <mem/paging.h>
#include <mem/tlb.h>
#include <ostd/trust.h>
#include <trap/trap.h>

namespace ostd::target {

// In user/enter.S, which is all that user mode's table maps: loads `cr3`, invalidates the pages, loads `back`. Interrupts off.
extern "C" void invalidate_under(u64 cr3, u64 back, u64 begin, u64 end);

namespace {
constexpr u64 kMostPages = 32;  // single invalidations beyond this cost more than refilling

// One of each CPU: it waits for the end of one flush before it starts the next, interrupts off.
struct alignas(64) FlushRequest {
  AddressSpaceData* space = nullptr;
  u64 generation = 0;
  bool drop = false;    // the address space dies: load the kernel's table instead
  bool all = false;     // everything, whatever is loaded
  bool wholly = false;
  u32 count = 0;
  VirtRange ranges[8]{};
  Atomic<u64> waiting{0};  // CPUs that have not done it
};
constinit FlushRequest requests[kMaxCpus]{};
constinit Atomic<u64> next_id{1};
constinit Atomic<u64> to_flush_all{0};  // CPUs that have not served flush_everywhere_begin()

u64 bit_of(const CpuArea& cpu) { return 1ULL << cpu.index; }

// Invalidates [begin, end) in the address space loaded while user mode is isolated. Without PCIDs each entry to the OS has done so.
void invalidate(const CpuArea& cpu, u64 keep, u64 begin, u64 end) {
  if (features.pcid) invalidate_under((cpu.entry->user_cr3 & ~kKeepEntries) | keep, cpu.entry->kernel_cr3, begin, end);
}
// Without bit 63 a CR3 write drops all entries of the current PCID (of all but global ones without PCIDs) [sdm3 4.10.4.1].
void flush_user_here(const CpuArea& cpu) {
  mitigations.isolate ? invalidate(cpu, 0, 0, 0) : write_cr3(read_cr3() & ~kKeepEntries);
}

void load(CpuArea& cpu, u64 root, u64 id, u64 generation) {
  u64 cr3 = root, keep = 0;
  if (features.pcid) {
    const Pcids::Taken t = cpu.pcids.take(id, generation);
    cr3 |= t.pcid;
    keep = t.fresh ? kKeepEntries : 0;
  }
  if (!mitigations.isolate) return write_cr3(cr3 | keep);
  cpu.entry->user_cr3 = cr3 | (features.pcid ? kKeepEntries : 0);  // loaded by each way to user mode
  if (keep == 0) flush_user_here(cpu);
}

// Generation g has been done here; PCID slots learn it when the space is unloaded.
void done(CpuArea& cpu, u64 g) { cpu.space_generation = g; }

void unload(CpuArea& cpu) {
  if (!cpu.space) return;
  cpu.pcids.leave(cpu.space_id, cpu.space_generation);
  // release: entries loaded up to here were flushed or are covered by the generation that the slot remembers.
  cpu.space->cpus.fetch_and(~bit_of(cpu), Order::seq_cst);
  cpu.space = nullptr;
  cpu.space_id = 0;
}

void flush_ranges_here(const CpuArea& cpu, const FlushRequest& r) {
  for (u32 i = 0; i < r.count; ++i)
    if (mitigations.isolate) invalidate(cpu, kKeepEntries, page_down(r.ranges[i].begin.value), r.ranges[i].end.value);
    else for (u64 a = page_down(r.ranges[i].begin.value); a < r.ranges[i].end.value; a += kPageSize) invlpg(a);
}

void flush_everything_here() {
  // Changing CR4.PGE drops all entries of all PCIDs, global ones too [sdm3 4.10.4.1].
  const u64 cr4 = read_cr4();
  write_cr4(cr4 ^ (features.pge ? 1 << 7 : 0));
  write_cr4(cr4);
  if (!features.pge) write_cr3(read_cr3() & ~kKeepEntries);
}

void do_request(CpuArea& cpu, const FlushRequest& r) {
  if (r.all) return flush_everything_here();
  if (cpu.space != r.space) return;  // unloaded meanwhile; the generation covers it
  if (r.drop) {
    unload(cpu);
    if (!mitigations.isolate) write_cr3(kernel_root());
    return;
  }
  if (cpu.space_generation >= r.generation) return;
  if (r.wholly || cpu.space_generation + 1 != r.generation) {
    // acquire: page-table changes of every flush up to this generation are seen by the walks that follow.
    const u64 now = r.space->flush_generation.load(Order::acquire);
    flush_user_here(cpu);
    done(cpu, now);
  } else {
    flush_ranges_here(cpu, r);
    done(cpu, r.generation);
  }
}

// Makes the CPUs in `others` do the request and waits for them. Interrupts off.
void send_and_wait(FlushRequest& r, u64 others) {
  const CpuArea& me = this_area();
  r.waiting.store(others, Order::release);
  for (u64 left = others; left != 0; left &= left - 1) {
    CpuArea& cpu = cpu_areas[__builtin_ctzll(left)];
    // A CPU with requests pending has been sent an interrupt already that it has not served.
    if (cpu.flush_requests.fetch_or(bit_of(me), Order::acq_rel) == 0) send_lapic_ipi(cpu.apic_id, Ipi::fixed, kVectorFlush);
  }
  while (r.waiting.load(Order::acquire) != 0) {
    serve_flushes();
    cpu_relax();
  }
}
}  // namespace

void serve_flushes() {
  CpuArea& me = this_area();
  if (to_flush_all.load(Order::acquire) & bit_of(me)) [[unlikely]] {
    flush_everything_here();
    to_flush_all.fetch_and(~bit_of(me), Order::acq_rel);
  }
  if (me.flush_requests.load(Order::relaxed) == 0) return;
  for (u64 from = me.flush_requests.exchange(0, Order::acq_rel); from != 0; from &= from - 1) {
    FlushRequest& r = requests[__builtin_ctzll(from)];
    do_request(me, r);
    r.waiting.fetch_and(~bit_of(me), Order::acq_rel);
  }
}

void activate_slow(CpuArea& cpu, AddressSpaceData& space) {
  if (cpu.space == &space) {
    cpu.lazy.store(0, Order::seq_cst);
    const u64 now = space.flush_generation.load(Order::seq_cst);
    if (cpu.space_generation == now) return;
    flush_user_here(cpu);
    done(cpu, now);
    return;
  }
  unload(cpu);
  cpu.lazy.store(0, Order::seq_cst);
  space.cpus.fetch_or(bit_of(cpu), Order::seq_cst);
  const u64 now = space.flush_generation.load(Order::seq_cst);
  cpu.space = &space;
  cpu.space_id = space.id;
  done(cpu, now);
  load(cpu, space.root, space.id, now);
  if (const u64 domain = space.trust_domain.load(Order::relaxed); domain != cpu.trust_domain) {
    cpu.trust_domain = domain;
    // What the last program has taught the branch predictors does not reach the next one's.
    if (mitigations.branch_barrier) wrmsr(kMsrPredCmd, 1);
  }
}

void tlb_flush(AddressSpace::Core& as, const FlushBatch& batch) {
  AddressSpaceData& space = common::target_data(as);
  u64 pages = 0;
  for (const VirtRange& v : batch.ranges) pages += v.size() >> kPageShift;
  if (pages == 0 && !batch.wholly) return;
  const bool on = irqs_on();
  irq_disable();
  CpuArea& me = this_area();
  FlushRequest& r = requests[me.index];
  r.space = &space;
  r.drop = false;
  r.wholly = batch.wholly || pages > kMostPages || batch.ranges.size() > 8;
  r.count = 0;
  if (!r.wholly)
    for (const VirtRange& v : batch.ranges) r.ranges[r.count++] = v;
  r.generation = space.flush_generation.fetch_add(1, Order::seq_cst) + 1;
  const u64 cpus = space.cpus.load(Order::seq_cst);
  u64 others = cpus & ~bit_of(me);
  // Idle CPUs look at the generation themselves. A whole flush may mean that tables are freed, which no CPU may walk any more,
  // not even speculatively: it goes to all.
  if (!r.wholly)
    for (u64 left = others; left != 0; left &= left - 1) {
      const u32 i = static_cast<u32>(__builtin_ctzll(left));
      if (cpu_areas[i].lazy.load(Order::seq_cst)) others &= ~(1ULL << i);
    }
  if (cpus & bit_of(me)) do_request(me, r);
  if (others != 0) send_and_wait(r, others);
  if (on) irq_enable();
}

Status address_space_init(AddressSpace::Core& as) {
  AddressSpaceData& space = common::target_data(as);
  space.id = next_id.fetch_add(1, Order::relaxed);
  space.root = common::table_root(as).value;
  if (!as.root_recycled) copy_upper_half(table_view(space.root), upper_half());
  return Ok();
}

void address_space_fini(AddressSpace::Core& as) {
  AddressSpaceData& space = common::target_data(as);
  const bool on = irqs_on();
  irq_disable();
  CpuArea& me = this_area();
  FlushRequest& r = requests[me.index];
  r.space = &space;
  r.drop = true;
  const u64 cpus = space.cpus.load(Order::seq_cst);
  if (cpus & bit_of(me)) do_request(me, r);
  if (const u64 others = cpus & ~bit_of(me); others != 0) send_and_wait(r, others);
  if (on) irq_enable();
}

void flush_everywhere() {
  const bool on = irqs_on();
  irq_disable();
  CpuArea& me = this_area();
  FlushRequest& r = requests[me.index];
  r.all = true;
  do_request(me, r);
  const u64 cpus = cpu_count() >= 64 ? ~0ULL : (1ULL << cpu_count()) - 1;
  if (const u64 others = cpus & ~bit_of(me); others != 0) send_and_wait(r, others);
  r.all = false;
  if (on) irq_enable();
}

void flush_everywhere_begin() {
  const bool on = irqs_on();
  irq_disable();
  flush_everything_here();
  const u64 cpus = cpu_count() >= 64 ? ~0ULL : (1ULL << cpu_count()) - 1;
  const u64 others = cpus & ~bit_of(this_area());
  // release: a CPU that sees its bit sees what was unmapped.
  to_flush_all.store(others, Order::release);
  for (u64 left = others; left != 0; left &= left - 1)
    send_lapic_ipi(cpu_areas[__builtin_ctzll(left)].apic_id, Ipi::fixed, kVectorFlush);
  if (on) irq_enable();
}
bool flush_everywhere_ended() { return to_flush_all.load(Order::acquire) == 0; }

}  // namespace ostd::target

void ostd::user::set_trust_domain(const AddressSpace& as, u64 domain) {
  target::AddressSpaceData& data = common::target_data(as.core());
  if (data.trust_domain.load(Order::relaxed) != domain) data.trust_domain.store(domain, Order::relaxed);
}
