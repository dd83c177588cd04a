// SPDX-License-Identifier: MPL-2.0
// GDT, TSS, IDT. [sdm3 3.4.5] [sdm3 6.14] The order of the segments is what sysret asks for.
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <cpu/tables.h>
#include <mem/layout.h>
#include <mem/paging.h>

namespace ostd::target {

constinit CpuArea cpu_areas[kMaxCpus]{};
alignas(kPageSize) constinit EntryArea entry_areas[kMaxCpus]{};
extern "C" char trap_stubs[];

namespace {
struct Gate {
  u16 low, selector;
  u8 ist, type;
  u16 middle;
  u32 high, reserved;
};
static_assert(sizeof(Gate) == 16);
alignas(kPageSize) constinit Gate idt[256]{};
struct [[gnu::packed]] TablePointer { u16 limit; u64 base; };

void fill_idt() {
  for (u32 v = 0; v < 256; ++v) {
    const u64 a = address_of(trap_stubs) + v * TRAP_STUB_SIZE;
    const u8 ist = v == 8 ? kIstDoubleFault : v == 2 ? kIstNmi : v == 18 ? kIstMachineCheck : u8{0};
    const bool user = v == 3 || v == 4;  // int3 and into
    idt[v] = {static_cast<u16>(a), SEL_KERNEL_CODE, ist, static_cast<u8>(user ? 0xee : 0x8e), static_cast<u16>(a >> 16),
              static_cast<u32>(a >> 32), 0};
  }
}
}  // namespace

void set_ist(CpuArea& area, u8 slot, u8* stack_low) {
  EntryArea& entry = entry_areas[area.index];
  // SAFETY: the caller gives a mapped stack of that size; its last word is kept from the stack.
  EntryArea** const last = reinterpret_cast<EntryArea**>(stack_low + IST_STACK_SIZE) - 1;
  *last = &entry;
  entry.tss.ist[slot - 1] = address_of(last - 1);
  const u64 low = address_of(stack_low);
  for (u64 at = low; at != low + IST_STACK_SIZE; at += kPageSize) show_to_users(at, kernel_entry(at) & kPteAddress, kPageSize, Rights::write);
}

void show_tables() {
  show_to_users(address_of(entry_areas), address_of(entry_areas) - kKernelBase, sizeof entry_areas, Rights::write);
  show_to_users(address_of(idt), address_of(idt) - kKernelBase, sizeof idt, Rights::read);
}

void load_tables(CpuArea& area) {
  if (idt[0].type == 0) fill_idt();  // boot CPU, before there are others
  EntryArea& entry = entry_areas[area.index];
  area.entry = &entry;
  entry.area = &area;
  entry.index = area.index;
  entry.tss.rsp[0] = address_of(&entry + 1);
  entry.kernel_cr3 = kernel_root() | (features.pcid ? kKeepEntries : 0);
  const u64 t = address_of(&entry.tss);
  const u64 limit = sizeof(Tss) - 1;
  const u64 gdt[8] = {0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x00cffb000000ffff, 0x00cff3000000ffff, 0x00affb000000ffff,
                      limit | (t & 0xffffff) << 16 | 0x89ULL << 40 | (t >> 24 & 0xff) << 56, t >> 32};
  for (u32 i = 0; i < 8; ++i) entry.gdt[i] = gdt[i];
  const TablePointer g{sizeof entry.gdt - 1, address_of(entry.gdt)};
  const TablePointer i{sizeof idt - 1, address_of(idt)};
  // SAFETY: the tables live for ever; the segments mean what the running code expects (flat ring 0). Loading gs clears its
  // base on some processors, so the base is written after it.
  asm volatile("lgdt %0; lidt %1" ::"m"(g), "m"(i));
  asm volatile("pushq %0; leaq 1f(%%rip), %%rax; pushq %%rax; lretq; 1:" ::"i"(SEL_KERNEL_CODE) : "rax", "memory");
  asm volatile("movl %0, %%ss; movl %1, %%ds; movl %1, %%es; movl %1, %%fs; movl %1, %%gs" ::"r"(SEL_KERNEL_DATA), "r"(0) : "memory");
  // SAFETY: the descriptor was made above.
  wrmsr(kMsrGsBase, address_of(&entry));
  wrmsr(kMsrKernelGsBase, 0);
  asm volatile("ltr %w0" ::"r"(SEL_TSS));
}

}  // namespace ostd::target
