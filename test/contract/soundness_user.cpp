// SPDX-License-Identifier: MPL-2.0
// What safe code could put into a UserContext: any registers, any FPU state, any address space. User code runs or faults; the OS
// goes on. (docs/soundness.md)
#include "mem_space.h"
#include <ostd/random.h>
#include <ostd/user.h>

using namespace ostd;

namespace {
constexpr VirtAddr kCode{0x40'0000};
constexpr Prot kRX{.read = true, .exec = true};

// A page of `syscall` instructions: from every address in it the next event comes soon.
Ref<AddressSpace> page_of_calls() {
  OSTD_CHECK(mem::reserve(64).ok());
  Result<Ref<AddressSpace>> made = AddressSpace::create();
  OSTD_CHECK(made.ok());
  Ref<AddressSpace> as = std::move(made).value();
  UFrame code = UFrame::alloc();
  constexpr u8 call[] = {0x0f, 0x05};
  for (usize at = 0; at < kPageSize; at += sizeof call) code.write(at, call);
  Cursor(*as, {kCode, kCode + kPageSize}).map(kCode, std::move(code), kRX);
  return as;
}
UserEvent run(UserContext& ctx, const AddressSpace& as) {
  for (;;)
    if (const UserEvent e = user::run(ctx, as); e != UserEvent::interrupted) return e;
}
// Addresses and flags of all kinds, the dangerous ones often.
u64 wild() {
  constexpr u64 kKinds[] = {0, 1, 0x40'0000, 0x40'0001, 0x7fff'f000'0000, 0x7fff'ffff'ffff, 0x8000'0000'0000, 0xffff'8000'0000'0000,
                            0xffff'ffff'8020'0000, 0xffff'ffff'ff60'0000, ~0ULL};
  const u64 r = random::next_u64();
  return r % 3 == 0 ? r : kKinds[r % (sizeof kKinds / sizeof kKinds[0])];
}
}  // namespace

TEST_CASE("no registers of user code harm the OS") {
  const Ref<AddressSpace> as = page_of_calls();
  UserContext ctx;
  u32 calls = 0;
  for (u32 i = 0; i < 400; ++i) {
    UserRegs& r = ctx.regs();
    r = {wild(), wild(), wild(), wild(), wild(), wild(), wild(), wild(), wild(), wild(), wild(), wild(), wild(), wild(), wild()};
    r.rip = i % 2 == 0 ? kCode.value + (random::next_u64() & 0xffe) : wild();
    r.rsp = wild();
    r.rflags = random::next_u64();  // among them IOPL, NT, VM, TF, AC, DF
    r.fs_base = wild();
    r.gs_base = wild();
    const UserEvent e = run(ctx, *as);
    CHECK((e == UserEvent::syscall || e == UserEvent::exception));
    calls += e == UserEvent::syscall ? 1 : 0;
    // Copies still run forwards, and sections under locks are still possible.
    u8 bytes[64] = {1, 2, 3};
    const UFrame f = UFrame::alloc();
    f.write(7, bytes);
    f.read(8, bytes);
    CHECK(bytes[0] == 2);
    (void)mem::reserve(8);
  }
  CHECK(calls > 20);
  ctx.regs() = {};
  ctx.regs().rip = kCode.value;
  CHECK(run(ctx, *as) == UserEvent::syscall);
  CHECK(ctx.regs().rip == kCode.value + 2);
}

TEST_CASE("addresses of the OS are faults for user code, wherever it is told to go") {
  const Ref<AddressSpace> as = page_of_calls();
  UserContext ctx;
  for (const u64 at : {0xffff'ffff'8020'0000ULL, 0xffff'8000'0000'0000ULL, 0x7fff'f000'0000ULL, 0x7fff'f010'0000ULL, 0x8000'0000'0000ULL}) {
    ctx.regs() = {};
    ctx.regs().rip = at;
    REQUIRE(run(ctx, *as) == UserEvent::exception);
    CHECK((ctx.fault().vector == Exception::page_fault || ctx.fault().vector == Exception::general_protection));
  }
}

TEST_CASE("FPU state from anywhere is checked or harmless") {
  const Ref<AddressSpace> as = page_of_calls();
  UserContext ctx;
  Vec<u8> good = Vec<u8>::filled(ctx.fpu_size(), 0);
  ctx.fpu_save(good.items());
  CHECK(ctx.fpu_load(good.items().first(8)).error() == Errc::invalid_argument);
  u32 refused = 0;
  for (u32 i = 0; i < 200; ++i) {
    Vec<u8> state(good);
    for (u32 n = 0; n < 1 + i % 40; ++n) {
      const u64 r = random::next_u64();
      // The header decides: half of the changes go there.
      const usize at = r & 1 ? 512 + (r >> 8) % 64 : (r >> 8) % state.size();
      state[at % state.size()] = static_cast<u8>(r >> 40);
    }
    refused += ctx.fpu_load(state.items()).ok() ? 0 : 1;
    ctx.regs() = {};
    ctx.regs().rip = kCode.value;
    const UserEvent e = run(ctx, *as);
    CHECK((e == UserEvent::syscall || e == UserEvent::exception));
  }
  CHECK(refused > 10);
  ctx.fpu_reset();
  CHECK(ctx.fpu_load(good.items()).ok());
}

TEST_CASE("user code runs in an address space that others change meanwhile") {
  const Ref<AddressSpace> as = page_of_calls();
  Atomic<u32> stop{0};
  const Ref<Task> changer = contract::go([&] {
    OSTD_CHECK(mem::reserve(32).ok());
    while (stop.load() == 0) {
      UFrame code = UFrame::alloc();
      constexpr u8 call[] = {0x0f, 0x05};
      code.write(0, call);
      {
        Cursor c(*as, {kCode, kCode + kPageSize});
        (void)c.unmap({kCode, kCode + kPageSize});
      }
      Cursor(*as, {kCode, kCode + kPageSize}).map(kCode, std::move(code), kRX);
      OSTD_CHECK(mem::reserve(32).ok());
      task::yield();
    }
  }, {.name = "changes", .affinity = CpuSet::only(CpuId{cpu::count() - 1})});
  UserContext ctx;
  for (u32 i = 0; i < 2000; ++i) {
    ctx.regs() = {};
    ctx.regs().rip = kCode.value;
    const UserEvent e = run(ctx, *as);
    if (e == UserEvent::exception) CHECK(ctx.fault().vector == Exception::page_fault);
    else CHECK(e == UserEvent::syscall);
    if (i % 64 == 0) task::yield();
  }
  stop.store(1);
  CHECK(changer->join().ok());
}
