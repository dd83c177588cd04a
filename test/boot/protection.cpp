// SPDX-License-Identifier: MPL-2.0
// protection.elf: what the processor must refuse to OS code. Without an argument it looks at every CPU's control registers and at
// every mapping of the kernel half and of the upper half that user mode has, and says "protection: passed"; with protect=NAME it does what is forbidden, which must be a
// panic (tools/albireo_tool/suites/kernel_images.py knows what the panic says). show=stack-guard: the number of this boot.
#include <base/format.h>
#include <cpu/cpu_area.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <cpu/speculation.h>
#include <irq/lapic.h>
#include <mem/layout.h>
#include <mem/paging.h>
#include <ostd/cpu.h>
#include <ostd/machine.h>
#include <ostd/task.h>
#include <ostd/user.h>
#include <rt/stack_guard.h>

using namespace ostd;
using namespace ostd::target;

extern "C" {
extern char text_begin[], entry_text_end[], text_end[], rodata_end[], image_end[];
}

namespace {
constexpr VirtAddr kCode{0x400000};
// SAFETY: volatile: these accesses are what is tested.
volatile u8 data[64] = {0xc3};
const volatile u8 constants[64] = {0xc3};

void say(CapRef<Console, console::write> to, std::string_view text) { to.write({reinterpret_cast<const u8*>(text.data()), text.size()}); }

void check_registers() {
  OSTD_CHECK(read_cr0() >> 16 & 1);  // WP
  OSTD_CHECK(rdmsr(kMsrEfer) >> 11 & 1);  // NXE
  const u64 cr4 = read_cr4();
  OSTD_CHECK((cr4 >> 11 & 1) == features.umip);
  OSTD_CHECK((cr4 >> 20 & 1) == features.smep);
  OSTD_CHECK((cr4 >> 21 & 1) == features.smap);
  u64 flags;
  asm volatile("pushfq; popq %0" : "=r"(flags));
  OSTD_CHECK(!(flags >> 18 & 1));  // AC would switch SMAP off
}

u64 ram_end = 0;  // above all memory
struct Found { u64 pages, executable, read_only, lists; };

// All leaves below one table: `rights` holds the writable bit if every level so far has it, and no-execute if any has.
void walk(u64 table, u32 level, u64 address, bool writable, bool no_exec, Found& f) {
  const u64* entries = table_view(table);
  for (u64 i = level == 3 ? 256 : 0; i < 512; ++i) {
    const u64 e = entries[i];
    if (!(e & kPtePresent)) {
      OSTD_CHECK(((e & kPteAddress) == 0 || (e & kPteAddress) >= ram_end) && "no entry that is not present has an address of memory");
      f.lists += (e & kPteAddress) != 0;
      continue;
    }
    const u64 at = address + (i << (12 + 9 * level));
    const bool w = writable && (e & kPteWrite), nx = no_exec || (e & kPteNoExec);
    if (level > 0 && !(e & kPteLarge)) {
      walk(e & kPteAddress, level - 1, at, w, nx, f);
      continue;
    }
    const u64 size = 1ULL << (12 + 9 * level), physical = e & kPteAddress & ~(size - 1);
    OSTD_CHECK(!(e & kPteUser) && "no page of the kernel half is a user's");
    OSTD_CHECK(!(w && !nx) && "no page is writable and executable");
    const u64 text = address_of(text_begin), rodata = address_of(text_end);
    if (!nx) OSTD_CHECK(at >= text && at + size <= rodata && "only the image's text is executable");
    if (at >= text && at < address_of(rodata_end)) OSTD_CHECK(!w && "text and constants are read-only");
    // No second, writable mapping of them either.
    if (w) OSTD_CHECK((physical + size <= text - kKernelBase || physical >= address_of(rodata_end) - kKernelBase) && "nor elsewhere");
    ++f.pages;
    f.executable += nx ? 0 : size;
    f.read_only += w ? 0 : size;
  }
}

void check_mappings(const Ref<Account>& root) {
  // Stacks that were freed leave such entries behind.
  for (u32 i = 0; i < 4; ++i) {
    OSTD_CHECK(mem::reserve(16).ok());
    MUST(Task::spawn({.name = "short"}, root, [] {}))->join();
  }
  for (const MemoryRegion& r : usable_memory()) ram_end = r.end.value;
  Found f{};
  walk(kernel_root(), 3, 0xffff'0000'0000'0000, true, false, f);
  OSTD_CHECK(f.lists != 0 && f.pages > 10 && f.executable == address_of(text_end) - address_of(text_begin));
  const u64* entries = table_view(kernel_root());
  for (u32 i = 0; i < 256; ++i) OSTD_CHECK(entries[i] == 0 && "nothing is mapped at low addresses");
}

// All leaves of the upper half that is loaded while user code runs: only the entry code, the EntryAreas, the IDT and the IST stacks,
// each at the frames that the OS has there.
void walk_user_half(u64 table, u32 level, u64 address, u64& pages) {
  const u64* entries = table_view(table);
  for (u64 i = level == 3 ? 256 : 0; i < 512; ++i) {
    const u64 e = entries[i], at = address + (i << (12 + 9 * level));
    if (!(e & kPtePresent)) continue;
    OSTD_CHECK(!(e & (kPteUser | kPteGlobal | (level ? kPteLarge : 0))) && "user mode's upper half is for the OS only, and not kept");
    if (level > 0) {
      walk_user_half(e & kPteAddress, level - 1, at, pages);
      continue;
    }
    ++pages;
    const bool writes = e & kPteWrite, runs = !(e & kPteNoExec);
    if (at >= kKernelBase) OSTD_CHECK((e & kPteAddress) == at - kKernelBase);
    if (at >= address_of(text_begin) && at < address_of(entry_text_end)) {
      OSTD_CHECK(!writes && runs && "the entry code");
      continue;
    }
    OSTD_CHECK(!runs);
    if (at - address_of(entry_areas) < sizeof entry_areas) continue;
    struct [[gnu::packed]] { u16 limit; u64 base; } idt;
    asm volatile("sidt %0" : "=m"(idt));
    if (at == idt.base) {
      OSTD_CHECK(!writes && idt.limit == kPageSize - 1 && "the IDT");
      continue;
    }
    bool stack = false;
    for (u32 c = 0; c < cpu::count(); ++c)
      for (u32 s = 0; s < 3; ++s) stack |= at - (entry_areas[c].tss.ist[s] & ~(u64{IST_STACK_SIZE} - 1)) < IST_STACK_SIZE;
    OSTD_CHECK(stack && (e & kPteAddress) == (kernel_entry(at) & kPteAddress) && "nothing else of the OS is mapped in user mode");
  }
}

// Makes an address space with a page of code current and leaves it loaded after so many system calls.
void load_user_space(const AddressSpace& as, u32 calls = 1) {
  OSTD_CHECK(mem::reserve(64).ok());
  UFrame code = UFrame::alloc();
  const u8 program[] = {0x0f, 0x05, 0x0f, 0x0b, 0xeb, 0xfa};  // syscall; ud2; jmp to the syscall
  code.write(0, program);
  { Cursor(as, {kCode, kCode + kPageSize}).map(kCode, std::move(code), {.read = true, .write = true, .exec = true}); }
  UserContext c;
  c.regs().rip = kCode.value;
  for (;;) {
    const UserEvent e = user::run(c, as);
    if (e == UserEvent::interrupted) continue;
    if (e == UserEvent::syscall && --calls == 0) return;
    if (e == UserEvent::syscall) continue;
    OSTD_CHECK(e == UserEvent::exception && c.fault().vector == Exception::invalid_opcode);
    c.regs().rip += 2;  // by iretq
  }
}

// `pti=on` isolates user mode, `nopti` does not, else the processor decides.
void check_isolation(std::string_view line) {
  OSTD_CHECK(mem::reserve(64).ok());
  const Ref<AddressSpace> as = MUST(AddressSpace::create());
  load_user_space(*as);
  irq_disable();
  const u64 loaded = this_area().space->root, cr3 = read_cr3() & kPteAddress, user_cr3 = this_area().entry->user_cr3 & kPteAddress;
  irq_enable();
  const bool on = line.find("pti=on") != std::string_view::npos, off = line.find("nopti") != std::string_view::npos;
  OSTD_CHECK(mitigations.isolate == (on || (!off && cpu_bugs.has(Bug::cpu_meltdown))));
  if (!mitigations.isolate) {
    OSTD_CHECK(cr3 == loaded && "the OS runs on the program's table");
    return;
  }
  OSTD_CHECK(cr3 == kernel_root() && user_cr3 == loaded && cr3 != loaded && "the OS runs on its own table, which has no user half");
  u64 pages = 0;
  walk_user_half(user_cr3, 3, 0xffff'0000'0000'0000, pages);
  const u64 stacks = 3 * cpu::count() * (IST_STACK_SIZE / kPageSize);
  OSTD_CHECK(pages == (address_of(entry_text_end) - address_of(text_begin) + sizeof entry_areas) / kPageSize + 1 + stacks);
}

// NMIs strike the way into user mode and out of it at any instruction, whatever GS base and CR3 are then.
void check_nmis(const Ref<Account>& root) {
  if (cpu::count() == 1) return;
  OSTD_CHECK(mem::reserve(64).ok());
  Atomic<u32> stop{0};
  Ref<Task> victim = MUST(Task::spawn({.name = "victim", .affinity = CpuSet::only(CpuId{0})}, root, [&stop] {
    OSTD_CHECK(mem::reserve(64).ok());
    const Ref<AddressSpace> as = MUST(AddressSpace::create());
    for (u32 i = 0; i < 20; ++i) load_user_space(*as, 200);
    stop.store(1);
  }));
  Ref<Task> sender = MUST(Task::spawn({.name = "sender", .affinity = CpuSet::only(CpuId{1})}, root, [&stop] {
    for (u32 n = 0; stop.load() == 0; ++n) {
      irq_disable();
      send_lapic_ipi(cpu_areas[0].apic_id, Ipi::nmi);
      irq_enable();
      for (u32 i = 0; i < n % 512; ++i) cpu_relax();
    }
  }));
  OSTD_CHECK(victim->join().ok() && sender->join().ok());
}

[[gnu::noinline]] u64 down(u64 n) {
  volatile u64 room[32] = {n};
  return n == 0 ? room[0] : down(n - 1) + room[n % 32];
}

// SAFETY: the forbidden accesses themselves; each ends the machine.
void do_forbidden(std::string_view what) {
  if (what == "write-text") *reinterpret_cast<volatile u8*>(text_begin) = 0;
  if (what == "write-constants") *const_cast<volatile u8*>(constants) = 0;
  if (what == "execute-data") reinterpret_cast<void (*)()>(const_cast<u8*>(data))();
  if (what == "execute-constants") reinterpret_cast<void (*)()>(const_cast<u8*>(constants))();
  if (what == "execute-stack") {
    volatile u8 code[16] = {0xc3};
    reinterpret_cast<void (*)()>(const_cast<u8*>(code))();
  }
  if (what == "null") (void)*reinterpret_cast<volatile u8*>(8);
  if (what == "overflow") (void)down(1'000'000);
  Ref<AddressSpace> as = [] {
    OSTD_CHECK(mem::reserve(64).ok());
    return MUST(AddressSpace::create());
  }();
  load_user_space(*as);
  if (what == "read-user") (void)*reinterpret_cast<volatile u8*>(kCode.value);
  if (what == "write-user") *reinterpret_cast<volatile u8*>(kCode.value) = 0;
  if (what == "execute-user") reinterpret_cast<void (*)()>(kCode.value)();
}
}  // namespace

void ostd::machine_main(Boot boot) {
  const Cap<Console, console::write> out = Cap<Console, console::write>::mint(RootKey(), boot.console);
  const std::string_view line = boot.command_line.view();
  if (const usize at = line.find("protect="); at != std::string_view::npos) {
    const std::string_view rest = line.substr(at + 8);
    do_forbidden(rest.substr(0, rest.find(' ')));
    say(out, "protection: it was not refused\r\n");
    Cap<Power, power::off>::mint(RootKey(), boot.power).off(1);
  }
  if (line.find("show=stack-guard") != std::string_view::npos) {
    FixedText<64> text;
    format_to(text, "stack guard: {:016x}\r\n", __stack_chk_guard);
    say(out, text.view());
    Cap<Power, power::off>::mint(RootKey(), boot.power).off(0);
  }
  cpu::call_on(CpuSet::all(), [] { check_registers(); });
  check_mappings(boot.root_account);
  check_isolation(line);
  check_nmis(boot.root_account);
  say(out, "protection: passed\r\n");
  Cap<Power, power::off>::mint(RootKey(), boot.power).off(0);
}
