// SPDX-License-Identifier: MPL-2.0
#include <services/syscall/ptrace_regs.h>

namespace svc::sys {
namespace {

using View = proc::Tracee::View;
using proc::kSoftware, proc::kUserCs, proc::kUserSs;

// Places in user_regs_struct [ptrace(2), <sys/user.h>].
enum Place : usize { r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi, orig_rax, rip, cs, eflags, rsp, ss, fs_base, gs_base, ds, es, fs, gs };

// CF PF AF ZF SF TF DF OF NT RF AC.
constexpr u64 kSettable = 0x1 | 0x4 | 0x10 | 0x40 | 0x80 | 0x100 | 0x400 | 0x800 | 0x4000 | 0x10000 | 0x40000;
constexpr u64 kDebugAt = 848, kStructUser = 928;
constexpr usize kHeader = 512;   // in an XSAVE area

}  // namespace

Status set_raw_reg(View& v, usize index, u64 value) {
  UserRegs& r = v.regs;
  switch (index) {
    case r15: r.r15 = value; break;
    case r14: r.r14 = value; break;
    case r13: r.r13 = value; break;
    case r12: r.r12 = value; break;
    case rbp: r.rbp = value; break;
    case rbx: r.rbx = value; break;
    case r11: r.r11 = value; break;
    case r10: r.r10 = value; break;
    case r9: r.r9 = value; break;
    case r8: r.r8 = value; break;
    case rax: r.rax = value; break;
    case rcx: r.rcx = value; break;
    case rdx: r.rdx = value; break;
    case rsi: r.rsi = value; break;
    case rdi: r.rdi = value; break;
    case orig_rax: v.call = static_cast<i64>(value); break;
    case rip: r.rip = value; break;
    case eflags: r.rflags = (r.rflags & ~kSettable) | (value & kSettable); break;
    case rsp: r.rsp = value; break;
    case fs_base:
      if (value >= kUserEnd.value) return Errc::io;
      r.fs_base = value;
      break;
    case gs_base:
      if (value >= kUserEnd.value) return Errc::io;
      r.gs_base = value;
      break;
    case cs: return (value & 0xffff) == kUserCs ? Ok() : Status(Errc::io);
    case ss: return (value & 0xffff) == kUserSs ? Ok() : Status(Errc::io);
    default: return (value & 0xffff) == 0 ? Ok() : Status(Errc::io);
  }
  v.regs_changed = true;
  return Ok();
}

Result<u64> user_word(const proc::Tracee& t, u64 offset) {
  if (offset % 8 != 0 || offset >= kStructUser) return Errc::io;
  return t.state().with([&](proc::Tracee::State& s) -> u64 {
    if (offset < kRegCount * 8) return proc::raw_regs(s.view.regs, s.view.call).v[offset / 8];
    if (offset >= kDebugAt && offset < kDebugAt + 64) return s.view.debug[(offset - kDebugAt) / 8];
    return 0;
  });
}

Status set_user_word(const proc::Tracee& t, u64 offset, u64 value) {
  if (offset % 8 != 0 || offset >= kStructUser) return Errc::io;
  return t.state().with([&](proc::Tracee::State& s) -> Status {
    if (offset < kRegCount * 8) return set_raw_reg(s.view, offset / 8, value);
    if (offset < kDebugAt || offset >= kDebugAt + 64) return Errc::io;
    const u64 n = (offset - kDebugAt) / 8;
    if (n == 4 || n == 5) return Errc::io;
    if (n == 6) {
      s.view.debug[6] = value;
      return Ok();
    }
    // None is left for programs.
    return value == 0 ? Ok() : Status(Errc::no_space);
  });
}

Result<Vec<u8>> fpu_state(const proc::Tracee& t, u64 features) {
  TRY(mem::reserve(8));
  const usize size = t.state().with([](proc::Tracee::State& s) { return s.view.fpu.size(); });
  Vec<u8> out = Vec<u8>::filled(size, 0);
  t.state().with([&](proc::Tracee::State& s) {
    if (s.view.fpu.size() != size) return;
    for (usize i = 0; i < size; ++i) out[i] = s.view.fpu[i];
  });
  proc::put_features(out.items(), features);
  return out;
}

Status set_fpu_state(const proc::Tracee& t, std::span<const u8> from) {
  Vec<u8> next = TRY(fpu_state(t, 0));
  if (from.size() > next.size()) return Errc::invalid_argument;
  for (usize i = 0; i < from.size(); ++i) next[i] = from[i];
  if (next.size() > kHeader) {
    for (usize i = kSoftware; i < kHeader; ++i) next[i] = 0;
    if (from.size() <= kFxsave) next[kHeader] = next[kHeader] | 3;
  }
  // The processor's view of it, before the thread gets it.
  UserContext probe{};
  TRY(probe.fpu_load(next.items()));
  t.state().with([&](proc::Tracee::State& s) {
    if (s.view.fpu.size() != next.size()) return;
    std::swap(s.view.fpu, next);
    s.view.fpu_changed = true;
  });
  return Ok();
}

}  // namespace svc::sys
