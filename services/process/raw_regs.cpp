// SPDX-License-Identifier: MPL-2.0
#include <services/process/raw_regs.h>

namespace svc::proc {

RawRegs raw_regs(const UserRegs& r, i64 call) {
  RawRegs out{};
  out.v = Array<u64, kRegCount>{{r.r15, r.r14, r.r13, r.r12, r.rbp, r.rbx, r.r11, r.r10, r.r9, r.r8, r.rax, r.rcx, r.rdx, r.rsi, r.rdi,
                                 static_cast<u64>(call), r.rip, kUserCs, r.rflags, r.rsp, kUserSs, r.fs_base, r.gs_base, 0, 0, 0, 0}};
  return out;
}

void put_features(std::span<u8> fpu, u64 features) {
  if (fpu.size() <= kFxsave) return;
  for (usize i = 0; i < 8; ++i) fpu[kSoftware + i] = static_cast<u8>(features >> (8 * i) & 0xff);
}

}  // namespace svc::proc
