// SPDX-License-Identifier: MPL-2.0
// user-border.elf: the border to user mode on bare metal, where processors are at their strangest. Prints a line a test and
// "user-border: passed" at the end; a failed check is a panic.
#include <base/format.h>
#include <ostd/cpu.h>
#include <ostd/machine.h>
#include <ostd/task.h>
#include <ostd/time.h>
#include <ostd/user.h>
#include <ostd/user_io.h>

using namespace ostd;

extern "C" {
extern const u8 user_programs[], user_programs_end[], prog_syscall[], prog_echo[], prog_load[], prog_store[], prog_jump[],
    prog_breakpoint[], prog_undefined[], prog_divide[], prog_cli[], prog_in[], prog_step[], prog_flags[], prog_x87[], prog_vectors[],
    prog_bases[], prog_read_bases[], prog_segments[], prog_spin[], prog_watch[], prog_getppid[];
}

namespace {
constexpr VirtAddr kCode{0x400000}, kData{0x500000}, kReadOnly{0x600000}, kStack{0x700000};
const Cap<Console, console::write>* out = nullptr;
bool on_host = false;
Opt<Ref<Account>> account;

template <class... A>
void say(FormatFor<A...> f, const A&... a) {
  FixedText<200> text;
  format_to(text, f, a...);
  const std::string_view v = text.view();
  out->write({reinterpret_cast<const u8*>(v.data()), v.size()});
}

// An address space with the programs, a data page, a read-only page and a stack.
Ref<AddressSpace> make_space() {
  OSTD_CHECK(mem::reserve(64).ok());
  Ref<AddressSpace> as = MUST(AddressSpace::create());
  UFrame code = UFrame::alloc();
  code.write(0, {user_programs, static_cast<usize>(user_programs_end - user_programs)});
  Cursor c(*as, {kCode, kStack + 0x10000});
  c.map(kCode, std::move(code), {.read = true, .exec = true});
  c.map(kData, UFrame::alloc(), {.read = true, .write = true});
  c.map(kReadOnly, UFrame::alloc(), {.read = true});
  c.map(kStack, UFrame::alloc(), {.read = true, .write = true});
  return as;
}
void start_at(UserContext& c, const u8* program, u64 rdi = 0) {
  c.regs() = {};
  c.regs().rip = kCode.value + static_cast<u64>(program - user_programs);
  c.regs().rsp = kStack.value + kPageSize;
  c.regs().rdi = rdi;
}
UserEvent run(UserContext& c, const AddressSpace& as) {
  for (;;)
    if (const UserEvent e = user::run(c, as); e != UserEvent::interrupted) return e;
}
void expect_fault(const AddressSpace& as, const u8* program, u64 rdi, Exception vector, u64 error, u64 address) {
  UserContext c;
  start_at(c, program, rdi);
  OSTD_CHECK(run(c, as) == UserEvent::exception);
  const Fault f = c.fault();
  if (f.vector != vector || f.error_code != error || f.address.value != address)
    say("vector {} error {:#x} address {:#x}, expected {} {:#x} {:#x}\r\n", f.vector, f.error_code, f.address, vector, error, address);
  OSTD_CHECK(f.vector == vector && f.error_code == error && f.address.value == address);
}
template <class F>
Ref<Task> start(StaticStr name, u32 cpu, F f) {
  return MUST(Task::spawn({.name = name, .affinity = CpuSet::only(CpuId{cpu % cpu::count()})}, *account, std::move(f)));
}

void registers_survive_a_syscall(const AddressSpace& as) {
  UserContext c;
  start_at(c, prog_syscall);
  OSTD_CHECK(run(c, as) == UserEvent::syscall);
  const UserRegs& r = c.regs();
  const u64 base = 0x1111111111111100;
  OSTD_CHECK(r.rax == base + 1 && r.rbx == base + 2 && r.rdx == base + 3 && r.rsi == base + 4 && r.rdi == base + 5 && r.rbp == base + 6);
  OSTD_CHECK(r.r8 == base + 7 && r.r9 == base + 8 && r.r10 == base + 9 && r.r12 == base + 10 && r.r13 == base + 11);
  OSTD_CHECK(r.r14 == base + 12 && r.r15 == base + 13 && r.rcx == r.rip && r.r11 == r.rflags && (r.rflags & 0x400));
  OSTD_CHECK(r.rsp == kStack.value + kPageSize);
  // Both ways out: sysret (rcx and r11 agree) and iretq (they do not); each must load all registers.
  for (u32 way = 0; way < 2; ++way) {
    start_at(c, prog_echo);
    OSTD_CHECK(run(c, as) == UserEvent::syscall);
    UserRegs& w = c.regs();
    const UserRegs old = w;
    u64* const words = &w.r15;
    for (u64 i = 0; i < 15; ++i)
      if (&words[i] != &w.rcx && &words[i] != &w.r11) words[i] = 0x5555000000000000 + i + way;
    w.rsp = kStack.value + 0x800;
    if (way == 1) w.rcx = 7;
    UserRegs expected = w;
    OSTD_CHECK(run(c, as) == UserEvent::syscall);
    expected.rcx = old.rcx;
    expected.r11 = old.r11;
    OSTD_CHECK(__builtin_memcmp(&c.regs(), &expected, sizeof expected) == 0);
  }
}

void exceptions_are_told(const AddressSpace& as) {
  expect_fault(as, prog_load, 0x900000, Exception::page_fault, 4, 0x900000);
  expect_fault(as, prog_store, 0x900008, Exception::page_fault, 6, 0x900008);
  expect_fault(as, prog_store, kReadOnly.value, Exception::page_fault, 7, kReadOnly.value);
  expect_fault(as, prog_jump, kData.value, Exception::page_fault, 0x15, kData.value);
  const u64 text = on_host ? 0xffffffff80200000 : reinterpret_cast<u64>(&machine_main);  // nothing of the OS is in a stub process
  expect_fault(as, prog_load, text, Exception::page_fault, 5, text);
  expect_fault(as, prog_store, text, Exception::page_fault, 7, text);
  expect_fault(as, prog_load, 0xffff800000001000, Exception::page_fault, 5, 0xffff800000001000);
  expect_fault(as, prog_jump, text, Exception::page_fault, 0x15, text);
  expect_fault(as, prog_load, 0x800000000000, Exception::general_protection, 0, 0);
  expect_fault(as, prog_breakpoint, 0, Exception::breakpoint, 0, 0);
  expect_fault(as, prog_undefined, 0, Exception::invalid_opcode, 0, 0);
  expect_fault(as, prog_divide, 0, Exception::divide, 0, 0);
  expect_fault(as, prog_cli, 0, Exception::general_protection, 0, 0);
  expect_fault(as, prog_in, 0, Exception::general_protection, 0, 0);
  expect_fault(as, prog_step, 0, Exception::debug, 0, 0);
}

void flags_and_addresses_are_sanitised(const AddressSpace& as) {
  UserContext c;
  start_at(c, prog_flags);
  c.regs().rflags = ~0x100ULL;  // IOPL 3, NT, VM, all of it but TF
  OSTD_CHECK(run(c, as) == UserEvent::syscall);
  OSTD_CHECK((c.regs().rax & ~0x10000ULL) == 0x240ed7);  // CF PF AF ZF SF IF DF OF AC ID
  start_at(c, prog_echo);
  c.regs().rip = 0x800000000000;
  OSTD_CHECK(run(c, as) == UserEvent::exception && c.fault().vector == Exception::general_protection);
  c.regs().rip = 0xffffffff80200000;
  OSTD_CHECK(run(c, as) == UserEvent::exception && c.fault().vector == Exception::page_fault);
  start_at(c, prog_echo);
  c.regs().fs_base = 1ULL << 63;
  OSTD_CHECK(run(c, as) == UserEvent::exception && c.fault().vector == Exception::general_protection);
  start_at(c, prog_echo);
  c.regs().rsp = 0xdead'0000'0000'0000;  // a bad stack is the user's own affair
  OSTD_CHECK(run(c, as) == UserEvent::syscall && c.regs().rsp == 0xdead'0000'0000'0000);
  OSTD_CHECK(run(c, as) == UserEvent::syscall);
}

void a_pending_x87_exception_does_not_strike_the_kernel(const AddressSpace& as) {
  UserContext c;
  start_at(c, prog_x87);
  OSTD_CHECK(run(c, as) == UserEvent::syscall);
  Ref<Task> other = start("other", static_cast<u32>(cpu::current()), [] {});
  OSTD_CHECK(other->join().ok());
  task::yield();
  OSTD_CHECK(run(c, as) == UserEvent::exception && c.fault().vector == Exception::x87);
}

// Tasks on the same and on different CPUs, each with its own values in vector and x87 registers.
void vector_registers_are_each_contexts_own(const AddressSpace& as) {
  Opt<Ref<Task>> tasks[6];
  for (u32 i = 0; i < 6; ++i)
    tasks[i] = start("vectors", i, [&as, i] {
      UserContext c;
      start_at(c, prog_vectors, 0x1000 + i);
      // A stack of its own: the programs use it.
      c.regs().rsp = kStack.value + 0x200 + i * 0x200;
      for (u32 n = 0; n < 2000; ++n) {
        OSTD_CHECK(run(c, as) == UserEvent::syscall && c.regs().r8 == 0);
        if (n % 3 == 0) task::yield();
        if (n % 97 == 0) task::current()->set_affinity(CpuSet::only(CpuId{(n / 97 + i) % cpu::count()}));
        if (n % 211 == 0) {
          UserContext copy;
          copy.copy_from(c);
          c = std::move(copy);
        }
      }
    });
  for (auto& t : tasks) OSTD_CHECK(t.value()->join().ok());
}

void bases_are_each_contexts_own(const AddressSpace& as) {
  UserContext c, d;
  start_at(c, prog_bases);
  OSTD_CHECK(run(c, as) == UserEvent::syscall || c.fault().vector == Exception::invalid_opcode);
  c.fetch_bases();
  if (c.regs().fs_base != 0) {
    OSTD_CHECK(c.regs().fs_base == 0x123456789000 && c.regs().gs_base == 0xffff800000001000);
    start_at(d, prog_echo);
    OSTD_CHECK(run(d, as) == UserEvent::syscall && d.regs().fs_base == 0 && d.regs().gs_base == 0);
    OSTD_CHECK(run(c, as) == UserEvent::syscall && c.regs().rax == 0x123456789000 && c.regs().rbx == 0xffff800000001000);
  }
  // Services change one base while user code has written the other.
  start_at(d, prog_bases);
  if (run(d, as) == UserEvent::syscall) {
    d.regs().fs_base = 0x1000;
    OSTD_CHECK(run(d, as) == UserEvent::syscall && d.regs().rax == 0x1000 && d.regs().rbx == 0xffff800000001000);
    UserContext child;
    child.copy_from(d);
    OSTD_CHECK(child.regs().fs_base == 0x1000 && child.regs().gs_base == 0xffff800000001000);
  }
  start_at(d, prog_segments);
  OSTD_CHECK(run(d, as) == UserEvent::syscall);
  OSTD_CHECK(user::write_bytes(as, kData, std::span<const u8>(user_programs, 16)).ok());
  start_at(c, prog_read_bases);
  c.regs().fs_base = kData.value;
  c.regs().gs_base = kData.value + 8;
  OSTD_CHECK(run(c, as) == UserEvent::syscall);
  u64 words[2];
  __builtin_memcpy(words, user_programs, 16);
  OSTD_CHECK(c.regs().rax == words[0] && c.regs().rbx == words[1]);
}

void a_spinning_user_is_preempted_and_kicked(const AddressSpace& as) {
  Atomic<u32> stop{0};
  Ref<Task> spinner = start("spinner", 0, [&] {
    UserContext c;
    start_at(c, prog_spin);
    while (stop.load() == 0) OSTD_CHECK(user::run(c, as) == UserEvent::interrupted);
    OSTD_CHECK(c.regs().rax != 0);
  });
  Atomic<u64> turns{0};
  Ref<Task> beside = start("beside", 0, [&] {
    for (u32 i = 0; i < 5; ++i) {
      turns.fetch_add(1);
      task::yield();
    }
  });
  OSTD_CHECK(beside->join().ok() && turns.load() == 5);
  stop.store(1);
  spinner->kick();
  OSTD_CHECK(spinner->join().ok());
}

void an_unmapped_page_is_gone_on_every_cpu() {
  for (u32 round = 0; round < 20; ++round) {
    Ref<AddressSpace> as = make_space();
    Atomic<u32> faults{0};
    Opt<Ref<Task>> tasks[4];
    const u32 n = cpu::count() > 4 ? 4 : cpu::count();
    for (u32 i = 0; i < n; ++i)
      tasks[i] = start("watch", i, [&] {
        UserContext c;
        start_at(c, prog_watch, kData.value);
        OSTD_CHECK(run(c, *as) == UserEvent::exception && c.fault().vector == Exception::page_fault);
        OSTD_CHECK(c.fault().address == kData && c.fault().error_code == 4);
        faults.fetch_add(1);
      });
    OSTD_CHECK(task::sleep_until(time::now() + Duration::millis(2), Wait::uninterruptible).ok());
    { Cursor(*as, {kData, kData + kPageSize}).unmap({kData, kData + kPageSize}); }
    for (u32 i = 0; i < n; ++i) OSTD_CHECK(tasks[i].value()->join().ok());
    OSTD_CHECK(faults.load() == n);
  }
}

void measure_syscalls(const AddressSpace& as) {
  UserContext c;
  constexpr u64 kCount = 50'000;
  Duration best = Duration::max();
  for (u32 round = 0; round < 8; ++round) {
    start_at(c, prog_getppid, kCount);
    const Instant begin = time::now();
    u64 n = 0;
    for (;;) {
      const UserEvent e = user::run(c, as);
      if (e != UserEvent::syscall) continue;
      ++n;
      if (c.regs().rax == 60) break;
      c.regs().rax = 1;
    }
    OSTD_CHECK(n == kCount + 1);
    if (time::now() - begin < best) best = time::now() - begin;
  }
  say("syscall {} ns\r\n", best.ns / static_cast<i64>(kCount));
}

void stacks_are_used_again() {
  const Instant begin = time::now();
  constexpr u32 kRounds = 1500;
  for (u32 i = 0; i < kRounds; ++i) OSTD_CHECK(start("short", i, [] {})->join().ok());
  say("task spawn and join {} ns\r\n", (time::now() - begin).ns / kRounds);
}
}  // namespace

void ostd::machine_main(Boot boot) {
  const Cap<Console, console::write> to = Cap<Console, console::write>::mint(RootKey(), boot.console);
  out = &to;
  on_host = boot.machine.view() == "host";
  account = Opt<Ref<Account>>(boot.root_account);
  Ref<AddressSpace> as = make_space();
  const auto test = [&](StaticStr name, auto f) {
    say("{} ... ", name.view());
    f();
    say("ok\r\n");
  };
  test("registers survive a syscall", [&] { registers_survive_a_syscall(*as); });
  test("exceptions are told", [&] { exceptions_are_told(*as); });
  test("flags and addresses are sanitised", [&] { flags_and_addresses_are_sanitised(*as); });
  test("a pending x87 exception does not strike the kernel", [&] { a_pending_x87_exception_does_not_strike_the_kernel(*as); });
  test("vector registers are each context's own", [&] { vector_registers_are_each_contexts_own(*as); });
  test("bases are each context's own", [&] { bases_are_each_contexts_own(*as); });
  test("a spinning user is preempted and kicked", [&] { a_spinning_user_is_preempted_and_kicked(*as); });
  test("an unmapped page is gone on every CPU", [&] { an_unmapped_page_is_gone_on_every_cpu(); });
  test("stacks are used again", [&] { stacks_are_used_again(); });
  measure_syscalls(*as);
  say("user-border: passed\r\n");
  Cap<Power, power::off>::mint(RootKey(), boot.power).off(0);
}
