// SPDX-License-Identifier: MPL-2.0
// Building and reading signal frames. Whatever a program left on its stack is possible here: everything is copied once, flags
// are sanitised by ostd on the way to user mode, FPU state is checked by fpu_load.
#include <base/bytes.h>
#include <services/process/signal_api.h>
#include <services/process/signal_frame.h>

namespace svc::proc {
namespace {

constexpr u32 kOnStack = 1, kDisable = 2, kAutodisarm = 1U << 31;
// Flags that sigreturn takes from the frame: AC OF DF TF SF ZF AF PF CF RF.
constexpr u64 kRestorableFlags = 0x40000 | 0x800 | 0x400 | 0x100 | 0x80 | 0x40 | 0x10 | 0x4 | 0x1 | 0x10000;
constexpr u64 kClearedInHandler = 0x400 | 0x10000 | 0x100;  // DF RF TF
constexpr u64 kMinAltStack = 2048;

bool inside(const Thread::AltStack& a, u64 sp) { return sp > a.sp && sp - a.sp <= a.size; }

u64 fpu_room(const UserContext& ctx) { return ctx.fpu_size() + (ctx.fpu_size() > frame::legacy ? sizeof(u32) : 0); }

struct Placement {
  u64 fpu = 0;
  u64 frame = 0;
};

// Where the frame goes: below the red zone, or to the alternate stack. Errors: fault when the alternate one is too small.
Result<Placement> place(const UserContext& ctx, const Thread::AltStack& alt, const SigAction& action) {
  u64 sp = ctx.regs().rsp;
  bool on_alt = on_alt_stack(alt, sp);
  sp = wrapping_sub(sp, frame::red_zone);
  if ((action.flags & sa::onstack) != 0 && alt.size != 0 && !on_alt_stack(alt, sp)) {
    sp = wrapping_add(alt.sp, alt.size);
    on_alt = true;
  }
  Placement p{};
  p.fpu = wrapping_sub(sp, fpu_room(ctx)) & ~63ULL;
  // As after a call instruction: 8 below a multiple of 16.
  p.frame = wrapping_sub(wrapping_sub(p.fpu, sizeof(SignalFrame)) & ~15ULL, 8);
  if (on_alt && !inside(alt, p.frame)) return Errc::fault;
  return p;
}

Status write_fpu(UserContext& ctx, const AddressSpace& as, u64 at) {
  const usize size = ctx.fpu_size();
  Vec<u8> area = Vec<u8>::filled(fpu_room(ctx), 0);
  ctx.fpu_save(area.items().first(size));
  if (size > frame::legacy) {
    SoftwareBytes sw{};
    sw.extended_size = static_cast<u32>(size + sizeof(u32));
    sw.features = ctx.fpu_features();
    sw.state_size = static_cast<u32>(size);
    const std::span<const u8> from = as_bytes(sw);
    for (usize i = 0; i < from.size(); ++i) area[frame::software_at + i] = from[i];
    for (usize i = 0; i < sizeof(u32); ++i) area[size + i] = static_cast<u8>(frame::magic2 >> (8 * i) & 0xff);
  }
  return user::write_bytes(as, VirtAddr(at), area.items());
}

SigContext save_registers(Caller& c) {
  const UserRegs r = c.regs();
  SigContext s{};
  s.r8 = r.r8, s.r9 = r.r9, s.r10 = r.r10, s.r11 = r.r11, s.r12 = r.r12, s.r13 = r.r13, s.r14 = r.r14, s.r15 = r.r15;
  s.rdi = r.rdi, s.rsi = r.rsi, s.rbp = r.rbp, s.rbx = r.rbx, s.rdx = r.rdx, s.rax = r.rax, s.rcx = r.rcx, s.rsp = r.rsp;
  s.rip = r.rip, s.rflags = r.rflags;
  s.err = c.trap_error, s.trapno = c.trap_number, s.cr2 = c.trap_address;
  return s;
}

void load_registers(UserRegs& r, const SigContext& s) {
  r.r8 = s.r8, r.r9 = s.r9, r.r10 = s.r10, r.r11 = s.r11, r.r12 = s.r12, r.r13 = s.r13, r.r14 = s.r14, r.r15 = s.r15;
  r.rdi = s.rdi, r.rsi = s.rsi, r.rbp = s.rbp, r.rbx = s.rbx, r.rdx = s.rdx, r.rax = s.rax, r.rcx = s.rcx, r.rsp = s.rsp;
  r.rip = s.rip;
  r.rflags = (r.rflags & ~kRestorableFlags) | (s.rflags & kRestorableFlags);
}

// The state a frame has: all of it when both magic numbers are there, else the legacy part only.
Status read_fpu(UserContext& ctx, const AddressSpace& as, u64 at) {
  if (at == 0) {
    ctx.fpu_reset();
    return Ok();
  }
  const usize size = ctx.fpu_size();
  Vec<u8> area = Vec<u8>::filled(size, 0);
  TRY(user::read_bytes(as, VirtAddr(at), area.items().first(frame::legacy)));
  if (size > frame::legacy) {
    const Opt<SoftwareBytes> sw = from_bytes<SoftwareBytes>(area.items().subspan(frame::software_at, sizeof(SoftwareBytes)));
    const bool whole = sw && sw->magic == frame::magic1 && sw->state_size >= frame::legacy + frame::xsave_header && sw->state_size <= size &&
                       sw->extended_size >= sw->state_size;
    const Result<u32> end = whole ? user::read<u32>(as, VirtAddr(wrapping_add(at, sw->state_size))) : Result<u32>(0U);
    if (!end.ok()) return Err(end.error());
    if (whole && end.value() == frame::magic2) {
      const usize n = sw->state_size - frame::legacy;
      TRY(user::read_bytes(as, VirtAddr(wrapping_add(at, frame::legacy)), area.items().subspan(frame::legacy, n)));
      // Only what the program says is in the frame, of what this machine has.
      for (usize i = 0; i < 8; ++i) area[frame::legacy + i] &= static_cast<u8>((sw->features & ctx.fpu_features()) >> (8 * i) & 0xff);
    } else {
      area[frame::legacy] = 3;  // XSTATE_BV: x87 and SSE
    }
    for (usize i = 0; i < sizeof(SoftwareBytes); ++i) area[frame::software_at + i] = 0;
  }
  return ctx.fpu_load(area.items());
}

void enter_handler(UserRegs& r, u64 frame_at, Signo s, u64 function) {
  r.rdi = s.value;
  r.rsi = frame_at + frame::info_at;
  r.rdx = frame_at + frame::context_at;
  r.rax = 0;
  r.rip = function;
  r.rsp = frame_at;
  r.rflags &= ~kClearedInHandler;
}

void bad_frame(Caller& c) {
  c.registers_replaced = true;
  force_segv(c, Signo{});
}

Status restore(Caller& c) {
  TRY(mem::reserve(4));
  const u64 at = wrapping_sub(c.regs().rsp, sizeof(u64));  // the handler's return has taken the restorer's address
  const AddressSpace& space = c.address_space();
  const SignalFrame f = TRY(user::read<SignalFrame>(space, VirtAddr(at)));
  c.me().set_blocked({f.context.mask});
  load_registers(c.regs(), f.context.registers);
  TRY(read_fpu(c.context(), space, f.context.registers.fpstate));
  const UserStack s = f.context.stack;
  // Refused when the program returns onto that stack or gives nonsense; that is not an error here.
  static_cast<void>(change_alt_stack(c.me(), {s.sp, s.size, s.flags}, c.regs().rsp).ok());
  return Ok();
}

}  // namespace

bool on_alt_stack(const Thread::AltStack& a, u64 sp) { return (a.flags & kAutodisarm) == 0 && inside(a, sp); }

Status change_alt_stack(CapRef<Thread, thread::self> t, const Thread::AltStack& a, u64 sp) {
  if (on_alt_stack(t->alt_stack(), sp)) return Errc::not_permitted;
  const u32 mode = a.flags & ~kAutodisarm;
  if (mode != kDisable && mode != kOnStack && mode != 0) return Errc::invalid_argument;
  if (mode == kDisable) {
    t.set_alt_stack({0, 0, a.flags});
    return Ok();
  }
  if (a.size < kMinAltStack) return Errc::out_of_memory;
  t.set_alt_stack(a);
  return Ok();
}

u64 signal_frame_size(usize fpu_size) { return (fpu_size + sizeof(u32) + 63 + sizeof(SignalFrame) + 8 + 15 + 15) & ~15ULL; }

Status push_frame(Caller& c, const SigInfo& info, const SigAction& action, SigSet mask_to_restore) {
  if ((action.flags & sa::restorer) == 0) return Errc::fault;
  TRY(mem::reserve(8));
  const AddressSpace& space = c.address_space();
  const Thread::AltStack alt = c.thread()->alt_stack();
  const Placement at = TRY(place(c.context(), alt, action));
  TRY(write_fpu(c.context(), space, at.fpu));
  SignalFrame f{};
  f.restorer = action.restorer;
  f.context.flags = (c.context().fpu_size() > frame::legacy ? frame::fp_xstate : 0) | frame::sigcontext_ss | frame::strict_restore_ss;
  f.context.stack = {alt.sp, alt.flags, 0, alt.size};
  f.context.registers = save_registers(c);
  f.context.registers.oldmask = mask_to_restore.bits;
  f.context.registers.fpstate = at.fpu;
  f.context.mask = mask_to_restore.bits;
  f.info = to_raw(info);
  TRY(user::write(space, VirtAddr(at.frame), f));
  enter_handler(c.regs(), at.frame, info.signo, action.handler);
  c.context().fpu_reset();
  if ((alt.flags & kAutodisarm) != 0) c.me().set_alt_stack({});
  return Ok();
}

void sigreturn(Caller& c) {
  c.me().words().restart_call.store(0);
  c.orig_rax = -1;
  if (!restore(c).ok()) return bad_frame(c);
  c.registers_replaced = true;
}

}  // namespace svc::proc
