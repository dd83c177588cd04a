// SPDX-License-Identifier: MPL-2.0
#include "linux/host_seccomp.h"

#include "stub/layout.h"

#include <cstddef>
#include <cstring>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

namespace ostd::host {

void write_stub_filter(u8* at) {
  static_assert((stub::kCodeVa >> 32) == ((stub::kCodeVa + stub::kCodeSize) >> 32));
  constexpr u32 kAllowed[] = {SYS_futex, SYS_mmap, SYS_munmap, SYS_rt_sigreturn, SYS_clone, SYS_sigaltstack, SYS_prctl,
                              SYS_rt_sigprocmask, SYS_getppid, SYS_exit_group};
  constexpr u32 kCalls = sizeof kAllowed / sizeof kAllowed[0];
  constexpr u32 kTrap = 8 + kCalls, kAllow = kTrap + 1;  // indices of the two verdicts
  sock_filter f[kAllow + 1] = {};
  u32 n = 0;
  auto load = [&](u32 offset) { f[n++] = {BPF_LD | BPF_W | BPF_ABS, 0, 0, offset}; };
  auto unless = [&](u16 op, u32 k) { f[n] = {static_cast<u16>(BPF_JMP | op | BPF_K), 0, static_cast<u8>(kTrap - n - 1), k}; n++; };
  load(offsetof(seccomp_data, arch));
  unless(BPF_JEQ, AUDIT_ARCH_X86_64);
  load(offsetof(seccomp_data, instruction_pointer) + 4);
  unless(BPF_JEQ, static_cast<u32>(stub::kCodeVa >> 32));
  load(offsetof(seccomp_data, instruction_pointer));
  unless(BPF_JGE, static_cast<u32>(stub::kCodeVa));
  // The code is followed by a hole, so no upper bound below the slots is needed but the end of the code itself.
  f[n] = {BPF_JMP | BPF_JGT | BPF_K, static_cast<u8>(kTrap - n - 1), 0, static_cast<u32>(stub::kCodeVa + stub::kCodeSize)};
  n++;
  load(offsetof(seccomp_data, nr));
  for (u32 nr : kAllowed) {
    f[n] = {BPF_JMP | BPF_JEQ | BPF_K, static_cast<u8>(kAllow - n - 1), 0, nr};
    n++;
  }
  f[n++] = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_TRAP};
  f[n++] = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
  const u16 length = static_cast<u16>(n);
  static_assert(sizeof f + 8 <= 512);
  // SAFETY: the caller gives room for 512 bytes.
  memcpy(at, &length, sizeof length);
  memcpy(at + 8, f, n * sizeof f[0]);
}

}  // namespace ostd::host
