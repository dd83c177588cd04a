// SPDX-License-Identifier: MPL-2.0
// INIT-SIPI start of the other CPUs, inter-CPU interrupts, and the stop in a panic.
#include <acpi/acpi.h>
#include <boot/start_info.h>
#include <common/target.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <cpu/speculation.h>
#include <cpu/tables.h>
#include <irq/lapic.h>
#include <mem/layout.h>
#include <mem/paging.h>
#include <mem/stacks.h>
#include <mem/tlb.h>
#include <smp/smp.h>
#include <time/clock.h>
#include <trap/trap.h>

namespace ostd::target {

extern "C" {
extern const u8 trampoline_begin[], trampoline_end[], trampoline_cr3[], trampoline_efer[];
extern char KERNEL_BASE[];
// Read by trampoline.S; slot = position among the CPUs to be started.
u8 ap_wide_ids = 0;
u32 ap_count = 0;
u32 ap_ids[kMaxCpus];
u64 ap_stacks[kMaxCpus];
[[noreturn]] void ap_start(u32 slot);
void clear_cpu_buffers();
}

namespace {
alignas(4096) u64 start_tables[4][512];  // identity map of the trampoline's page
constinit Atomic<u32> arrived[kMaxCpus]{};
u32 final_index[kMaxCpus];
constinit Atomic<u32> phase{0};          // 1: indexes are final, set up; 2: run
constinit Atomic<u32> ready{0};
constinit Atomic<u32> stopping{0};       // 1 + the CPU that stops the others
u32 cpus = 1;

u64 image_physical(const void* p) { return address_of(p) - address_of(KERNEL_BASE); }

void make_trampoline() {
  for (u32 l = 0; l < 3; ++l) start_tables[l][0] = image_physical(start_tables[l + 1]) | kPtePresent | kPteWrite;
  start_tables[3][AP_TRAMPOLINE >> kPageShift] = AP_TRAMPOLINE | kPtePresent;
  copy_upper_half(start_tables[0], kernel_root());
  // SAFETY: low memory is RAM on every PC and kept from the frame allocator.
  u8* const page = phys_to_virt(PhysAddr{AP_TRAMPOLINE});
  const auto patch = [&](const u8* at, u32 v) { __builtin_memcpy(page + (at - trampoline_begin), &v, 4); };
  __builtin_memcpy(page, trampoline_begin, static_cast<usize>(trampoline_end - trampoline_begin));
  patch(trampoline_cr3, static_cast<u32>(image_physical(start_tables)));
  patch(trampoline_efer, 0x100 | (features.nx ? 0x800 : 0));
}

bool low_memory_there() {
  for (const PhysRange& r : std::span(start_info.ram, start_info.ram_count))
    if (r.begin <= AP_TRAMPOLINE && r.end >= AP_TRAMPOLINE + kPageSize) return true;
  return false;
}
u32 arrived_count() {
  u32 n = 0;
  for (u32 i = 0; i < ap_count; ++i) n += arrived[i].load(Order::acquire);
  return n;
}
}  // namespace

void wake_cpus() {
  cpu_areas[0].apic_id = lapic_id();
  if (acpi.cpus <= 1 || !low_memory_there()) return;
  ap_wide_ids = features.x2apic && features.max_leaf >= 0xb;
  for (u32 i = 0; i < acpi.cpus; ++i) {
    // xAPIC mode reaches 8-bit IDs only.
    if (acpi.apic_ids[i] == cpu_areas[0].apic_id || (!features.x2apic && acpi.apic_ids[i] >= 0xff) || ap_count == kMaxCpus - 1 ||
        unwanted_sibling(acpi.apic_ids[i]))
      continue;
    ap_ids[ap_count] = acpi.apic_ids[i];
    const Stack s = boot_stack_alloc();
    ap_stacks[ap_count++] = address_of(s.low + s.size);
  }
  make_trampoline();
  for (u32 i = 0; i < ap_count; ++i) send_lapic_ipi(ap_ids[i], Ipi::init);
  if (!features.hypervisor)  // real ones need 10 ms [sdm3 9.4.4.1]; about that many cycles at 4 GHz
    for (const u64 begin = rdtsc(); rdtsc() - begin < 40'000'000;) cpu_relax();
  for (u32 i = 0; i < ap_count; ++i) send_lapic_ipi(ap_ids[i], Ipi::startup, AP_TRAMPOLINE >> kPageShift);
}

void gather_cpus() {
  if (ap_count == 0) return;
  const u64 begin = clock_ns();
  while (arrived_count() < ap_count && clock_ns() - begin < 1'000'000) cpu_relax();
  if (arrived_count() < ap_count) {
    for (u32 i = 0; i < ap_count; ++i)
      if (!arrived[i].load(Order::acquire)) send_lapic_ipi(ap_ids[i], Ipi::startup, AP_TRAMPOLINE >> kPageShift);
    // An emulator with fewer processors than CPUs may be slow.
    while (arrived_count() < ap_count && clock_ns() - begin < 1'000'000'000) cpu_relax();
  }
  for (u32 i = 0; i < ap_count; ++i) {
    if (!arrived[i].load(Order::acquire)) continue;  // did not come: it is not counted, and halts if it comes late
    final_index[i] = cpus;
    CpuArea& area = cpu_areas[cpus];
    area.index = cpus++;
    area.apic_id = ap_ids[i];
    set_ist(area, kIstDoubleFault, boot_stack_alloc().low);
    set_ist(area, kIstNmi, boot_stack_alloc().low);
    set_ist(area, kIstMachineCheck, boot_stack_alloc().low);
  }
  phase.store(1, Order::release);
  while (ready.load(Order::acquire) < cpus - 1) cpu_relax();
}

extern "C" [[noreturn]] void ap_start(u32 slot) {
  arrived[slot].store(1, Order::release);
  while (phase.load(Order::acquire) < 1) cpu_relax();
  const u32 index = final_index[slot];
  if (index == 0) stop_here();
  CpuArea& area = cpu_areas[index];
  init_control_registers();
  write_cr3(kernel_root());
  load_tables(area);
  init_speculation_cpu();
  init_lapic_cpu();
  lapic_timer_init_cpu();
  ready.fetch_add(1, Order::acq_rel);
  while (phase.load(Order::acquire) < 2) cpu_relax();
  common::cpu_main(index);
}

u32 cpu_count() { return cpus; }
void start_other_cpus() { phase.store(2, Order::release); }

void give_way() { cpu_relax(); }
void send_ipi(u32 cpu) {
  const bool on = irqs_on();
  irq_disable();  // the two halves of the command register belong together
  send_lapic_ipi(cpu_areas[cpu].apic_id, Ipi::fixed, kVectorIpi);
  if (on) irq_enable();
}

void stop_other_cpus() {
  const u32 me = current_cpu_index();
  u32 nobody = 0;
  if (!stopping.compare_exchange(nobody, me + 1, Order::acq_rel)) return;
  for (u32 i = 0; i < cpus; ++i)
    if (i != me) send_lapic_ipi(cpu_areas[i].apic_id, Ipi::nmi);
}
bool machine_ends() { return stopping.load(Order::acquire) != 0; }
bool stop_requested() {
  const u32 by = stopping.load(Order::acquire);
  return by != 0 && by != current_cpu_index() + 1;
}

void idle(Instant deadline) {
  CpuArea& me = this_area();
  go_lazy(me);
  if (mitigations.clear_buffers) clear_cpu_buffers();  // the other thread of the core may get them
  if (deadline.ns < me.timer_deadline) arm_timer(deadline);
  // SAFETY: interrupts become possible only after the hlt has begun [sdm2 STI]: none is lost.
  asm volatile("sti; hlt; cli" ::: "memory");
}
void poll_interrupts() {}

}  // namespace ostd::target
