// SPDX-License-Identifier: MPL-2.0
// What user code sees of page-table changes: user mode is entered with stale translations waiting to be used.
#include "contract.h"
#include <ostd/trust.h>
#include <ostd/user.h>
#include <ostd/user_io.h>

using namespace ostd;

namespace {
constexpr VirtAddr kCode{0x40'0000}, kData{0x60'0000};
constexpr VirtRange kDataPage{kData, kData + kPageSize};
constexpr Prot kR{.read = true}, kRW{.read = true, .write = true}, kRX{.read = true, .exec = true};

// load: mov (%rsi),%rax; syscall      store: mov %rdi,(%rsi); syscall
constexpr u8 kLoad[] = {0x48, 0x8b, 0x06, 0x0f, 0x05}, kStore[] = {0x48, 0x89, 0x3e, 0x0f, 0x05};
constexpr u64 kLoadAt = 0, kStoreAt = 64;

struct Program {
  Ref<AddressSpace> as;
  UserContext ctx{};
  static Program make() {
    OSTD_CHECK(mem::reserve(64).ok());
    Result<Ref<AddressSpace>> made = AddressSpace::create();
    OSTD_CHECK(made.ok());
    Program p{std::move(made).value()};
    UFrame code = UFrame::alloc();
    code.write(kLoadAt, kLoad);
    code.write(kStoreAt, kStore);
    Cursor(*p.as, {kCode, kCode + kPageSize}).map(kCode, std::move(code), kRX);
    return p;
  }
  UserEvent run() {
    for (;;)
      if (const UserEvent e = user::run(ctx, *as); e != UserEvent::interrupted) return e;
  }
  // The word at `at`; nothing when user code faults there.
  Opt<u64> load(VirtAddr at) {
    ctx.regs().rip = kCode.value + kLoadAt;
    ctx.regs().rsi = at.value;
    if (run() != UserEvent::syscall) return check_fault(at, Access::read);
    return ctx.regs().rax;
  }
  bool store(VirtAddr at, u64 value) {
    ctx.regs().rip = kCode.value + kStoreAt;
    ctx.regs().rsi = at.value;
    ctx.regs().rdi = value;
    if (run() == UserEvent::syscall) return true;
    check_fault(at, Access::write);
    return false;
  }
  Opt<u64> check_fault(VirtAddr at, Access access) {
    CHECK(ctx.fault().vector == Exception::page_fault);
    CHECK(ctx.fault().address == at);
    CHECK(ctx.fault().access() == access);
    return {};
  }
  void map(UFrame f, Prot prot) { Cursor(*as, kDataPage).map(kData, std::move(f), prot); }
};
}  // namespace

TEST_CASE("user code reads what the OS has written, and the OS what user code has written") {
  Program p = Program::make();
  p.map(UFrame::alloc(), kRW);
  REQUIRE(user::write<u64>(*p.as, kData + 8, 0x1234'5678'9abc'def0).ok());
  CHECK(p.load(kData + 8).value_or(0) == 0x1234'5678'9abc'def0);
  CHECK(p.store(kData + 16, 42));
  CHECK(user::read<u64>(*p.as, kData + 16).value() == 42);
}

TEST_CASE("a page that is not mapped faults, and works once it is") {
  Program p = Program::make();
  CHECK(!p.load(kData).has_value());
  p.map(UFrame::alloc(), kR);
  CHECK(p.load(kData).value_or(1) == 0);
  CHECK(!p.store(kData, 1));
  Cursor(*p.as, kDataPage).protect(kDataPage, kRW);
  CHECK(p.store(kData, 7));
  CHECK(p.load(kData).value_or(0) == 7);
}

TEST_CASE("an unmapped page is gone at once") {
  Program p = Program::make();
  p.map(UFrame::alloc(), kRW);
  CHECK(p.store(kData, 1));
  Cursor(*p.as, kDataPage).unmap(kDataPage);
  CHECK(!p.load(kData).has_value());
  CHECK(!p.store(kData, 1));
}

TEST_CASE("write permission that was taken stays taken, and copy-on-write works by hand") {
  Program p = Program::make();
  p.map(UFrame::alloc(), kRW);
  CHECK(p.store(kData, 5));
  const Result<Ref<AddressSpace>> child = AddressSpace::create();
  REQUIRE(child.ok());
  {
    Cursor from(*p.as, kDataPage);
    Cursor to(*child.value(), kDataPage);
    CHECK(from.clone_into(to, kDataPage, Cursor::Clone::copy_on_write) == 1);
  }
  CHECK(!p.store(kData, 6));
  CHECK(p.load(kData).value_or(0) == 5);
  {
    Cursor c(*p.as, kDataPage);
    const Opt<Mapping> old = c.query(kData);
    REQUIRE(old.has_value());
    UFrame copy = UFrame::alloc(Zero::no);
    copy.copy_from(old->frame);
    c.map(kData, std::move(copy), kRW);
  }
  CHECK(p.store(kData, 6));
  CHECK(user::read<u64>(*child.value(), kData).value() == 5);
  CHECK(user::read<u64>(*p.as, kData).value() == 6);
}

TEST_CASE("another frame mapped over a page is what user code sees") {
  Program p = Program::make();
  p.map(UFrame::alloc(), kRW);
  CHECK(p.store(kData, 1));
  p.map(UFrame::alloc(), kRW);
  CHECK(p.load(kData).value_or(1) == 0);
}

TEST_CASE("a page without rights keeps its bytes") {
  Program p = Program::make();
  p.map(UFrame::alloc(), kRW);
  CHECK(p.store(kData, 9));
  Cursor(*p.as, kDataPage).protect(kDataPage, {});
  CHECK(!p.load(kData).has_value());
  Cursor(*p.as, kDataPage).protect(kDataPage, kRW);
  CHECK(p.load(kData).value_or(0) == 9);
}

TEST_CASE("dirty is set again by user code after clean") {
  Program p = Program::make();
  p.map(UFrame::alloc(), kRW);
  CHECK(p.store(kData, 1));
  { CHECK(Cursor(*p.as, kDataPage).clean(kData)); }
  { CHECK(!Cursor(*p.as, kDataPage).query(kData)->dirty); }
  CHECK(p.store(kData, 2));
  { CHECK(Cursor(*p.as, kDataPage).query(kData)->dirty); }
}

TEST_CASE("moved pages are at their new place only") {
  Program p = Program::make();
  p.map(UFrame::alloc(), kRW);
  CHECK(p.store(kData, 11));
  const VirtAddr there = kData + 64 * kPageSize;
  Cursor(*p.as, {kData, there + kPageSize}).move(kDataPage, there);
  CHECK(!p.load(kData).has_value());
  CHECK(p.load(there).value_or(0) == 11);
}

TEST_CASE("many pages are each what was mapped there") {
  Program p = Program::make();
  REQUIRE(mem::reserve(300).ok());
  constexpr u64 kPages = 200;
  const VirtRange all{kData, kData + kPages * kPageSize};
  {
    Cursor c(*p.as, all);
    for (u64 i = 0; i < kPages; ++i) {
      UFrame f = UFrame::alloc();
      const u8 mark[] = {static_cast<u8>(i)};
      f.write(0, mark);
      c.map(kData + i * kPageSize, std::move(f), kRW);
    }
  }
  for (u64 i = 0; i < kPages; ++i) CHECK(p.load(kData + i * kPageSize).value_or(~0ULL) == i);
  { CHECK(Cursor(*p.as, all).unmap({kData + 50 * kPageSize, kData + 150 * kPageSize}) == 100); }
  for (u64 i = 0; i < kPages; ++i) CHECK(p.load(kData + i * kPageSize).has_value() == (i < 50 || i >= 150));
}

TEST_CASE("user code on one CPU sees an unmapping made on another") {
  if (cpu::count() < 2) return;
  for (u32 round = 0; round < 20; ++round) {
    Program p = Program::make();
    p.map(UFrame::alloc(), kRW);
    task::current()->set_affinity(CpuSet::only(CpuId{0}));
    task::yield();
    CHECK(p.store(kData, 1));  // this CPU's TLB has it
    const Ref<AddressSpace> as = p.as;
    const Ref<Task> t = contract::go([as] { Cursor(*as, kDataPage).unmap(kDataPage); },
                                     {.name = "unmaps", .affinity = CpuSet::only(CpuId{1})});
    REQUIRE(t->join().ok());
    CHECK(!p.load(kData).has_value());
  }
}

TEST_CASE("programs of different trust domains run in turn, and a domain may change while one is loaded") {
  Program a = Program::make(), b = Program::make();
  user::set_trust_domain(*a.as, 1);
  user::set_trust_domain(*b.as, 2);
  a.map(UFrame::alloc(), kRW);
  b.map(UFrame::alloc(), kRW);
  for (u64 i = 1; i <= 4; ++i) {
    CHECK(a.store(kData, i));
    CHECK(b.store(kData, i + 100));
    if (i == 2) user::set_trust_domain(*b.as, 1);
    CHECK(*a.load(kData) == i);
    CHECK(*b.load(kData) == i + 100);
  }
}

TEST_CASE("a task that asked for it does not run user code after it lost its CPU before it was told") {
  Program p = Program::make();
  p.map(UFrame::alloc(), kRW);
  CHECK(p.store(kData, 1));
  task::current()->set_affinity(CpuSet::only(CpuId{0}));
  task::yield();
  task::current()->kick_on_switch(true);
  for (int i = 0; i < 4; ++i) {
    // The other task has only this task's CPU, so this one loses it for certain.
    REQUIRE(contract::go([] {}, {.name = "takes the CPU", .affinity = CpuSet::only(CpuId{0})})->join().ok());
    p.ctx.regs().rip = kCode.value + kStoreAt;
    CHECK(user::run(p.ctx, *p.as) == UserEvent::interrupted);
    CHECK(p.ctx.regs().rip == kCode.value + kStoreAt);
    CHECK(p.store(kData, 2));
  }
  task::current()->kick_on_switch(false);
}
