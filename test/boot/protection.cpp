// SPDX-License-Identifier: MPL-2.0
// protection.elf: what the processor must refuse to OS code. Without an argument it looks at every CPU's control registers and at
// every mapping of the kernel half, and says "protection: passed"; with protect=NAME it does what is forbidden, which must be a
// panic (tools/albireo_tool/suites/kernel_images.py knows what the panic says). show=stack-guard: the number of this boot.
#include <base/format.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
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
extern char text_begin[], text_end[], rodata_end[], image_end[];
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

// Makes an address space with a page of code current and leaves it loaded.
void load_user_space(const AddressSpace& as) {
  OSTD_CHECK(mem::reserve(64).ok());
  UFrame code = UFrame::alloc();
  const u8 program[] = {0x0f, 0x05};  // syscall
  code.write(0, program);
  { Cursor(as, {kCode, kCode + kPageSize}).map(kCode, std::move(code), {.read = true, .write = true, .exec = true}); }
  UserContext c;
  c.regs().rip = kCode.value;
  while (user::run(c, as) != UserEvent::syscall) {}
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
  say(out, "protection: passed\r\n");
  Cap<Power, power::off>::mint(RootKey(), boot.power).off(0);
}
