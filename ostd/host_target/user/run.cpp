// SPDX-License-Identifier: MPL-2.0
// user::run: binds the context to a stub thread, lets it run, and says what it came back with.
#include "linux/host_thread.h"
#include "task/vcpu.h"
#include "user/context.h"
#include "user/frame.h"
#include "user/gate.h"
#include "user/patch.h"

#include <common/page_table.h>
#include <common/target.h>

namespace ostd::host {

namespace {
using stub::Ctl;
using Impl = UserContext::Impl;

constexpr u64 kFlagsOfUser = 0x1 | 0x4 | 0x10 | 0x40 | 0x80 | 0x100 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x200000;  // CF PF AF ZF SF TF DF OF RF AC ID
constexpr u64 kIdFlag = 0x200000;
constexpr u64 kTrapFlag = 0x100;
constexpr u64 kSegments = 0x33 | 0x2bULL << 48;  // cs, ss as 64-bit user code has them
constexpr u32 kSigBus = 7, kSigSys = 31;
constexpr u32 kArchX8664 = 0xc000003e;

bool canonical(u64 a) { return static_cast<u64>(static_cast<i64>(a << 16) >> 16) == a; }

bool canonical_kernel(u64 a) { return a >> 47 == 0x1ffff; }

// Registers that the processor would not take, or that lead into the trampoline's addresses.
bool refuse(const UserRegs& r, Fault& f) {
  if (!canonical(r.rip) || !canonical(r.fs_base) || !canonical(r.gs_base)) f = {Exception::general_protection, 0, {}};
  else if (r.rip >= kUserEnd.value) f = {Exception::page_fault, 0x14, VirtAddr{r.rip}};
  else return false;
  return true;
}

void to_words(const UserRegs& r, u64* g) {
  using namespace stub;
  g[r8] = r.r8, g[r9] = r.r9, g[r10] = r.r10, g[r11] = r.r11, g[r12] = r.r12, g[r13] = r.r13, g[r14] = r.r14, g[r15] = r.r15;
  g[rdi] = r.rdi, g[rsi] = r.rsi, g[rbp] = r.rbp, g[rbx] = r.rbx, g[rdx] = r.rdx, g[rax] = r.rax, g[rcx] = r.rcx, g[rsp] = r.rsp;
  g[rip] = r.rip, g[rflags] = (r.rflags & kFlagsOfUser) | 0x202;
}
void from_words(UserRegs& r, const u64* g) {
  using namespace stub;
  r.r8 = g[r8], r.r9 = g[r9], r.r10 = g[r10], r.r11 = g[r11], r.r12 = g[r12], r.r13 = g[r13], r.r14 = g[r14], r.r15 = g[r15];
  r.rdi = g[rdi], r.rsi = g[rsi], r.rbp = g[rbp], r.rbx = g[rbx], r.rdx = g[rdx], r.rax = g[rax], r.rcx = g[rcx], r.rsp = g[rsp];
  r.rip = g[rip], r.rflags = (g[rflags] & kFlagsOfUser) | 0x202;
}

// Puts the context's state where the stub thread takes it from. Requires: Space::lock. False: the stub is dead.
bool load(Impl& c, Slot& s) {
  if (s.kind != stub::kFrame && (c.fpu_at != Impl::FpuAt::slot || c.regs.gs_base != 0 || (c.regs.rflags & kTrapFlag)))
    if (!make_frame(s)) return false;
  if ((c.regs.rflags & kTrapFlag) && s.space->patches) patch_disable(*s.space);  // single steps see the program's own code
  Ctl& t = ctl_of(s);
  if (s.kind == stub::kFrame) {
    u64* g = frame_regs(s);
    to_words(c.regs, g);
    g[stub::kCsGsFs] = kSegments;
    g[stub::kFpState] = slot_va(s) + s.fpu_at;
    if (c.fpu_at == Impl::FpuAt::initial) {
      fpu_initial_to_frame(s);
    } else if (c.fpu_at == Impl::FpuAt::buffer) {
      fpu_to_frame(s, c.buffer());
    }
    c.fpu_at = Impl::FpuAt::slot;
  } else {
    to_words(c.regs, t.regs);
  }
  u32 set = 0;
  const u64 gs = c.regs.gs_base != 0 ? c.regs.gs_base : slot_va(s);  // our own value while the program has none
  if (s.bases_unknown || c.loaded_fs != c.regs.fs_base) set |= stub::kSetFs;
  if (s.bases_unknown || c.loaded_gs != gs) set |= stub::kSetGs;
  if (s.kind == stub::kFrame && s.id_flag != ((c.regs.rflags & kIdFlag) != 0)) set |= stub::kFlipId;
  s.id_flag = (c.regs.rflags & kIdFlag) != 0;
  t.fs_base = c.regs.fs_base;
  t.gs_base = gs;
  t.set = set;
  s.bases_unknown = false;
  return true;
}

enum class Went : u8 { retry, came_back, lost };

Went enter(Impl& c, Space& space) {
  if (c.slot && c.slot->space != &space) c.drop_slot();
  if (!c.slot) {
    c.slot = slot_bind(space);
    if (!c.slot) return Went::lost;
  }
  Slot& s = *c.slot;
  Ctl& t = ctl_of(s);
  Vcpu& v = this_vcpu();
  // Before `running` is published: a signal sent from then on must not be forgotten.
  __atomic_store_n(&t.kicked, 0U, __ATOMIC_SEQ_CST);
  v.running.store(index_of(s) + 1);
  if (v.pending.load() != 0 || common::user_work_pending()) {
    v.running.store(0);
    return Went::retry;
  }
  space.lock.lock();
  const bool ready = load(c, s) && tlb_prepare(s, c.fill);
  if (ready) {
    c.patched = !space.no_patches;
    s.running.store(1);
    space.runners.fetch_add(1);
  }
  space.lock.unlock();
  if (!ready) {
    v.running.store(0);
    return Went::lost;
  }
  common::user_enter(target::clock_ns());
  const bool alive = hand_over(s);
  // With a fence the calls must be over; else it is enough that none can follow.
  if (!gate_settle(s) && alive) space_kill(space, "it came back without having done what it was told");
  // All of this before `running` falls: then a flush on another CPU may borrow the parked thread for commands.
  const bool failed = __atomic_load_n(&t.failed, __ATOMIC_RELAXED) != 0;
  c.loaded_fs = __atomic_load_n(&t.fs_base, __ATOMIC_RELAXED);
  c.loaded_gs = slot_va(s);
  const bool arrived = alive && !failed && space.dead.load() == 0 && read_arrival(s);
  v.running.store(0);
  s.running.store(0);
  space.runners.fetch_sub(1);
  common::user_exit(target::clock_ns());
  if (alive && failed) return tlb_recover(s) ? Went::retry : Went::lost;
  if (!arrived) return Went::lost;
  c.fill.reset();
  return Went::came_back;
}

enum class Came : u8 { syscall, exception, again, lost };

Came page_fault(Impl& c, Space& space, u64 error, VirtAddr at, u64 rip) {
  const u64 entry = common::pte_lookup(*space.core, at);
  // "Present" as a processor with our page table would say; kernel addresses always look present [sdm3 4.7].
  c.fault = {Exception::page_fault, (error & ~1ULL) | (canonical_kernel(at.value) ? 1U : entry & common::kPtePresent), at};
  if (entry == 0 && c.patched) {
    Hold h(space.lock);
    stub::Cmd unused;
    if (patch_window(space, at, &unused) != 0) {
      c.fill = at;
      return Came::again;
    }
    if (patch_left_behind(space, rip, at)) return Came::again;
  }
  // The page table allows it: only the stub's mapping was missing.
  c.fill = at;
  if (common::pte_allows(entry, c.fault.access())) return Came::again;
  return Came::exception;
}

// Out of a thunk: back to before the site, as if it had not been entered.
void leave_thunk(Impl& c, Space& space) {
  if (!c.patched) return;
  Hold h(space.lock);
  if (const u64 before = patch_thunk_undo(space, c.regs.rip); before != 0) c.regs.rip = before;
}

Came system_call(Impl& c, Space& space, u64 call_address, u64 sys) {
  UserRegs& r = c.regs;
  if (call_address >> 12 == 0xffffffffff600ULL) {
    // The vsyscall page: the host has emulated the return already. As if the page did not exist.
    r.rip = call_address;
    r.rsp -= 8;
    c.fault = {Exception::page_fault, 0x14, VirtAddr{call_address}};
    return Came::exception;
  }
  if (static_cast<u32>(sys >> 32) != kArchX8664) {
    r.rip -= 2;  // int 0x80: no such gate
    c.fault = {Exception::general_protection, 0x80 * 8 + 2, {}};
    return Came::exception;
  }
  Hold h(space.lock);
  if (const u64 back = c.patched ? patch_thunk_return(space, r.rip) : 0; back != 0) {
    r.rip = r.rcx = back;  // the slow way out of a thunk
  } else if (patch_consider(space, r.rip, r.rax)) {
    tlb_make_stale(space, {VirtAddr{r.rip - 1}.page_down(), VirtAddr{r.rip - 1}.page_down() + kPageSize});
    c.fill = VirtAddr{r.rip};
  }
  return Came::syscall;
}

// A thread that stood between the two instructions of a site when it was patched, or a call that is restarted there.
bool mid_site(Impl& c, Space& space) {
  Hold h(space.lock);
  if (!patch_mid_site(space, c.regs.rip)) return false;
  c.regs.rip += 2;
  c.regs.rcx = c.regs.rip;
  c.regs.r11 = c.regs.rflags;
  return true;
}

// What a signal frame means.
Came signal_came(Impl& c, Slot& s, Space& space) {
  const Ctl& t = ctl_of(s);
  u64 g[stub::kGregs];
  for (u32 i = 0; i < stub::kGregs; i++) g[i] = __atomic_load_n(&frame_regs(s)[i], __ATOMIC_RELAXED);
  const u32 sig = __atomic_load_n(&t.sig, __ATOMIC_RELAXED);
  const i32 code = static_cast<i32>(__atomic_load_n(&t.code, __ATOMIC_RELAXED));
  c.loaded_gs = __atomic_load_n(&t.gs_base, __ATOMIC_RELAXED);
  from_words(c.regs, g);
  s.id_flag = (c.regs.rflags & kIdFlag) != 0;
  c.regs.fs_base = c.loaded_fs;
  c.regs.gs_base = c.loaded_gs == slot_va(s) ? 0 : c.loaded_gs;
  if (sig != kSigSys) leave_thunk(c, space);
  if (sig == stub::kSigInterrupt || code <= 0) return Came::again;  // somebody's kill(2): nothing happened
  if (sig == kSigSys) return system_call(c, space, __atomic_load_n(&t.si_addr, __ATOMIC_RELAXED), __atomic_load_n(&t.si_sys, __ATOMIC_RELAXED));
  if (c.regs.rip >= kUserEnd.value) {  // a jump into the trampoline
    c.fault = {Exception::page_fault, 0x15, VirtAddr{c.regs.rip}};
    return Came::exception;
  }
  const u64 vector = g[stub::kTrapNo];
  switch (vector) {
    case 14:
      if (sig == kSigBus) return Came::lost;  // the host has no page for the memory file
      return page_fault(c, space, g[stub::kErr] & 0x17, VirtAddr{g[stub::kCr2]}, g[stub::rip]);
    case 6:
      if (mid_site(c, space)) return Came::syscall;
      [[fallthrough]];
    case 0: case 1: case 3: case 4: case 5: case 7: case 11: case 12: case 13: case 16: case 17: case 19:
      c.fault = {static_cast<Exception>(vector), g[stub::kErr] & 0xffff, {}};
      return Came::exception;
    default: return Came::lost;
  }
}

Came came(Impl& c, Space& space) {
  Slot& s = *c.slot;
  if (s.kind == stub::kFrame) return signal_came(c, s, space);
  if (s.kind == stub::kFastInterrupt) return Came::again;  // the registers are as they were loaded
  u64 g[stub::kRegs];
  for (u32 i = 0; i < stub::kRegs; i++) g[i] = __atomic_load_n(&ctl_of(s).regs[i], __ATOMIC_RELAXED);
  from_words(c.regs, g);
  c.regs.fs_base = c.loaded_fs;
  s.id_flag = (c.regs.rflags & kIdFlag) != 0;
  c.regs.r11 = c.regs.rflags;  // as the instruction leaves it
  return Came::syscall;
}

}  // namespace
}  // namespace ostd::host

using namespace ostd;

UserEvent ostd::user::run(UserContext& ctx, const AddressSpace& as) {
  UserContext::Impl& c = ctx.impl();
  host::Space& space = *host::space_of(as.core());
  for (;;) {
    if (common::before_user()) return UserEvent::interrupted;
    if (host::refuse(c.regs, c.fault)) return UserEvent::exception;
    target::irq_disable();
    host::Went w = host::enter(c, space);
    host::Came e = w == host::Went::came_back ? host::came(c, space) : host::Came::again;
    target::irq_enable();
    target::poll_interrupts();
    if (w == host::Went::lost || e == host::Came::lost) {
      host::space_kill(space, "it came back with what no program can cause");
      return UserEvent::lost;
    }
    if (e == host::Came::syscall) return UserEvent::syscall;
    if (e == host::Came::exception) return UserEvent::exception;
  }
}
