// SPDX-License-Identifier: MPL-2.0
// Patched system call sites (host target, user/patch.h), as user code and the OS see them. The programs read their own code by
// loads, which see the patched bytes, so that the tests can tell whether a site is patched.
#include "contract.h"
#include "helpers.h"
#include "options.h"
#include "user/patch.h"
#include <ostd/user.h>
#include <ostd/user_io.h>

#include <array>

using namespace ostd;

namespace {
constexpr VirtAddr kCode{0x40'0000};
constexpr Prot kRX{.read = true, .exec = true}, kRW{.read = true, .write = true};
constexpr u64 kSite = 16, kLoad = 64, kEndless = 128, kSteps = 192;
constexpr u32 kNumber = 110, kOften = 20;
constexpr u64 kShortSite = 32;
// short site: mov %rbp,%rax; syscall
constexpr u8 kShortBytes[] = {0x48, 0x89, 0xe8, 0x0f, 0x05};
// site: mov $110,%eax; syscall   load: mov (%rsi),%rax; syscall   endless: 1: mov $110,%eax; syscall; jmp 1b
constexpr u8 kSiteBytes[] = {0xb8, kNumber, 0, 0, 0, 0x0f, 0x05}, kLoadBytes[] = {0x48, 0x8b, 0x06, 0x0f, 0x05};

UFrame code_page() {
  UFrame code = UFrame::alloc();
  code.write(kSite, kSiteBytes);
  code.write(kShortSite, kShortBytes);
  code.write(kLoad, kLoadBytes);
  return code;
}

struct Program {
  Ref<AddressSpace> as;
  UserContext ctx{};
  static Program make() {
    Program p{empty()};
    p.map(kCode, code_page(), kRX);
    return p;
  }
  static Ref<AddressSpace> empty() {
    OSTD_CHECK(mem::reserve(64).ok());
    Result<Ref<AddressSpace>> made = AddressSpace::create();
    OSTD_CHECK(made.ok());
    return std::move(made).value();
  }
  void map(VirtAddr at, UFrame f, Prot prot) const { Cursor(*as, page(at)).map(at, std::move(f), prot); }
  static VirtRange page(VirtAddr at) { return {at, at + kPageSize}; }
  UserEvent run_from(u64 offset) { return go_on_at(kCode + offset); }
  UserEvent go_on_at(VirtAddr at) {
    ctx.regs().rip = at.value;
    for (;;)
      if (const UserEvent e = user::run(ctx, *as); e != UserEvent::interrupted) return e;
  }
  // One call from the site; whether it came as it should.
  bool call() {
    ctx.regs().rbx = 0x1234'5678;
    ctx.regs().rflags = 0x202 | 0x1 | 0x400;  // carry, direction
    return run_from(kSite) == UserEvent::syscall && ctx.regs().rax == kNumber && ctx.regs().rip == kCode.value + kSite + 7 &&
           ctx.regs().rcx == ctx.regs().rip && ctx.regs().rbx == 0x1234'5678 && (ctx.regs().rflags & 0x401) == 0x401 &&
           (ctx.regs().r11 & 0x401) == 0x401;
  }
  bool call_often(u32 n = kOften) {
    for (u32 i = 0; i < n; i++)
      if (!call()) return false;
    return true;
  }
  u64 load(VirtAddr at) {
    ctx.regs().rflags = 0x202;
    ctx.regs().rsi = at.value;
    return run_from(kLoad) == UserEvent::syscall ? ctx.regs().rax : ~0ULL;
  }
  bool patched() { return (load(kCode + kSite) & 0xff) == 0xff; }
};
bool patching() { return host::options().patch; }
}  // namespace

TEST_CASE("host: a call that comes often is patched, and what it leaves in the registers stays the same") {
  Program p = Program::make();
  CHECK(p.call());
  CHECK(!p.patched());
  CHECK(p.call_often());
  CHECK(p.patched() == patching());
  CHECK(p.call_often());
  CHECK(user::read<u32>(*p.as, kCode + kSite).value() == 0x6eb8);  // the OS sees the original
}

TEST_CASE("host: a thread that stood between the two instructions of a site makes its call") {
  Program p = Program::make();
  CHECK(p.call_often());
  for (u32 i = 0; i < 3; i++) {
    p.ctx.regs().rax = 7;  // not the site's number: the register counts
    CHECK(p.run_from(kSite + 5) == UserEvent::syscall);
    CHECK(p.ctx.regs().rax == 7);
    CHECK(p.ctx.regs().rip == kCode.value + kSite + 7);
  }
  // Bytes that look like it elsewhere are what they are.
  p.map(kCode + kPageSize, UFrame::alloc(), kRX);
  CHECK(p.run_from(kPageSize + 16) == UserEvent::exception);
}

TEST_CASE("host: a call whose number is in a register is patched too, with whatever number") {
  Program p = Program::make();
  p.as->note_area(Program::page(kCode));
  UserRegs& r = p.ctx.regs();
  for (u32 i = 0; i < kOften; i++) {
    r.rbp = i;
    r.rflags = 0x603;
    CHECK(p.run_from(kShortSite) == UserEvent::syscall);
    CHECK(r.rax == i);
    CHECK(r.rip == kCode.value + kShortSite + 5);
    CHECK(r.rcx == r.rip);
    CHECK((r.rflags & 0x401) == 0x401);
  }
  CHECK(((p.load(kCode + kShortSite) & 0xff) == 0xe9) == patching());
  r.rax = 9;  // between its two instructions
  CHECK(p.run_from(kShortSite + 3) == UserEvent::syscall);
  CHECK(r.rax == 9);
  CHECK(r.rip == kCode.value + kShortSite + 5);
  // Areas that the program maps later take the patches back.
  p.as->note_area({VirtAddr{0x1000'0000}, VirtAddr{0x8000'0000}});
  CHECK((p.load(kCode + kShortSite) & 0xff) == 0x48);
  r.rbp = 39;
  CHECK(p.run_from(kShortSite) == UserEvent::syscall);
  CHECK(r.rax == 39);
}

TEST_CASE("host: vector registers are what they were at a patched call, for the OS and for a copy of the context") {
  Program p = Program::make();
  CHECK(p.call_often());
  UFrame code = UFrame::alloc();
  // movq %rdi,%xmm5; mov $110,%eax; syscall; movq %xmm5,%rdi; mov $110,%eax; syscall
  const u8 bytes[] = {0x66, 0x48, 0x0f, 0x6e, 0xef, 0xb8, kNumber, 0, 0, 0, 0x0f, 0x05,
                      0x66, 0x48, 0x0f, 0x7e, 0xef, 0xb8, kNumber, 0, 0, 0, 0x0f, 0x05};
  code.write(0, bytes);
  p.map(kCode + kPageSize, std::move(code), kRX);
  for (u32 i = 0; i < kOften; i++) {
    p.ctx.regs().rdi = 0x7000 + i;
    CHECK(p.run_from(kPageSize) == UserEvent::syscall);
    const VirtAddr next{p.ctx.regs().rip};
    UserContext copy;
    if (i % 2 == 1) copy.copy_from(p.ctx);
    p.ctx.regs().rdi = 0;
    CHECK(p.go_on_at(next) == UserEvent::syscall);
    CHECK(p.ctx.regs().rdi == 0x7000 + i);
    if (i % 2 == 0) continue;
    std::swap(copy, p.ctx);
    p.ctx.regs().rdi = 0;
    CHECK(p.go_on_at(next) == UserEvent::syscall);
    CHECK(p.ctx.regs().rdi == 0x7000 + i);
  }
}

TEST_CASE("host: a page that the OS writes to is run as it is now") {
  Program p = Program::make();
  CHECK(p.call_often());
  CHECK(p.patched() == patching());
  Cursor(*p.as, Program::page(kCode)).query(kCode)->frame.write(kSite + 1, std::array<u8, 1>{39});
  CHECK(p.run_from(kSite) == UserEvent::syscall);
  CHECK(p.ctx.regs().rax == 39);
  CHECK(!p.patched());
}

TEST_CASE("host: a page that is writable elsewhere is run as it is, and is never patched again") {
  constexpr VirtAddr kAlias{0x50'0000};
  Program p = Program::make();
  CHECK(p.call_often());
  p.map(kAlias, Cursor(*p.as, Program::page(kCode)).query(kCode)->frame, kRW);
  CHECK(user::write<u8>(*p.as, kAlias + kSite + 1, 39).ok());
  for (u32 i = 0; i < kOften; i++) {
    CHECK(p.run_from(kSite) == UserEvent::syscall);
    CHECK(p.ctx.regs().rax == 39);
  }
  CHECK(!p.patched());
}

TEST_CASE("host: a program that makes its code writable and executable again runs the new code") {
  Program p = Program::make();
  CHECK(p.call_often());
  Cursor(*p.as, Program::page(kCode)).protect(Program::page(kCode), {.read = true, .write = true, .exec = true});
  CHECK(!p.patched());
  CHECK(user::write<u8>(*p.as, kCode + kSite + 1, 39).ok());
  Cursor(*p.as, Program::page(kCode)).protect(Program::page(kCode), kRX);
  for (u32 i = 0; i < kOften; i++) {
    CHECK(p.run_from(kSite) == UserEvent::syscall);
    CHECK(p.ctx.regs().rax == 39);
  }
}

TEST_CASE("host: another page in the place of a patched one is run") {
  Program p = Program::make();
  CHECK(p.call_often());
  UFrame other = code_page();
  other.write(kSite + 1, std::array<u8, 1>{39});
  p.map(kCode, std::move(other), kRX);
  CHECK(p.run_from(kSite) == UserEvent::syscall);
  CHECK(p.ctx.regs().rax == 39);
}

TEST_CASE("host: a child of fork runs the shared pages and is patched on its own") {
  Program p = Program::make();
  CHECK(p.call_often());
  Program child{Program::empty()};
  {
    Cursor from(*p.as, Program::page(kCode)), to(*child.as, Program::page(kCode));
    CHECK(from.clone_into(to, Program::page(kCode), Cursor::Clone::copy_on_write) == 1);
  }
  child.ctx.copy_from(p.ctx);
  CHECK(child.call());
  CHECK(!child.patched());
  CHECK(child.call_often());
  CHECK(child.patched() == patching());
  CHECK(p.call_often());
}

TEST_CASE("host: stubs are used again without the patches of the program before") {
  for (u32 i = 0; i < 40; i++) {
    Program p = Program::make();
    CHECK(!p.patched());
    CHECK(p.call_often(8));
    CHECK(p.patched() == patching());
  }
}

TEST_CASE("host: a program that uses the addresses of the thunks gets them") {
  Program p = Program::make();
  CHECK(p.call_often());
  const VirtAddr at = host::kThunkWindow.begin;
  p.as->note_area(Program::page(at));
  CHECK(p.go_on_at(at) == UserEvent::exception);  // nothing there yet
  CHECK(p.ctx.fault().address == at);
  CHECK(p.ctx.regs().rip == at.value);
  p.map(at, code_page(), kRX);
  CHECK(p.load(at + kSite) == 0x0005'0f00'0000'6eb8);
  CHECK(p.go_on_at(at + kSite) == UserEvent::syscall);
  CHECK(p.ctx.regs().rip == at.value + kSite + 7);
  CHECK(!p.patched());
  CHECK(p.call_often());
  CHECK(!p.patched());
}

TEST_CASE("host: a program that steps through its code sees its own instructions") {
  Program p = Program::make();
  CHECK(p.call_often());
  p.ctx.regs().rflags = 0x302;
  CHECK(p.run_from(kSite) == UserEvent::exception);
  CHECK(p.ctx.fault().vector == Exception::debug);
  CHECK(p.ctx.regs().rip == kCode.value + kSite + 5);
  p.ctx.regs().rflags = 0x202;
  CHECK(!p.patched());
  CHECK(p.call_often());
  CHECK(!p.patched());
}

TEST_CASE("host: threads call from one site while it is patched and its patches are taken back") {
  Program p = Program::make();
  UFrame code = code_page();
  // ...; inc %rbx; mov %rcx,%rax (its value before the call is the return address of the last); syscall; jmp to the start
  const u8 endless[] = {0xb8, kNumber, 0, 0, 0, 0x0f, 0x05, 0x48, 0xff, 0xc3, 0x48, 0x89, 0xc8, 0x0f, 0x05, 0xeb, 0xef};
  code.write(kEndless, endless);
  Atomic<u32> wrong{0}, stop{0}, calls{0};
  p.map(kCode, std::move(code), kRX);
  Opt<Ref<Task>> tasks[3];
  for (auto& t : tasks)
    t = contract::go([&] {
      UserContext ctx;
      ctx.regs().rip = kCode.value + kEndless;
      u64 n = 0;
      while (stop.load() == 0) {
        const UserEvent e = user::run(ctx, *p.as);
        if (e == UserEvent::interrupted) continue;
        const bool first = n % 2 == 0;
        if (e != UserEvent::syscall || ctx.regs().rax != (first ? kNumber : kCode.value + kEndless + 7) ||
            ctx.regs().rip != kCode.value + kEndless + (first ? 7 : 15) || ctx.regs().rbx != (n + 1) / 2) {
          wrong.fetch_add(1);
          return;
        }
        n++;
        calls.fetch_add(1);
      }
    });
  // Each round takes the shadows away under the threads, by a write that changes nothing.
  for (u32 i = 0; i < 200; i++) {
    const u32 from = calls.load();
    while (calls.load() - from < 50 && wrong.load() == 0) task::yield();
    if (i == 150) p.as->note_area(host::kThunkWindow);
    Cursor(*p.as, Program::page(kCode)).query(kCode)->frame.write(kSteps, std::array<u8, 1>{static_cast<u8>(i)});
  }
  stop.store(1);
  for (auto& t : tasks) (void)(*t)->join();
  CHECK(wrong.load() == 0);
}
