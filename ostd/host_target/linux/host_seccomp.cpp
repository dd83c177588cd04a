// SPDX-License-Identifier: MPL-2.0
#include "linux/host_seccomp.h"

#include "stub/layout.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

namespace ostd::host {

namespace {
constexpr u32 kHigh = static_cast<u32>(stub::kTop >> 32);
static_assert(kHigh == stub::kTopEnd >> 32);

// Assembles a program whose jumps are few: to the next instruction, to a verdict, to the section of a call.
class Program {
 public:
  enum Verdict : u8 { trap, allow, ask, kVerdicts };

  void word(u32 offset) { put(BPF_LD | BPF_W | BPF_ABS, offset, 0, 0); }
  void low(u32 argument) { word(static_cast<u32>(offsetof(seccomp_data, args) + argument * 8)); }
  void high(u32 argument) { word(static_cast<u32>(offsetof(seccomp_data, args) + argument * 8 + 4)); }
  // Goes on if the word is so, else to trap.
  void must(u16 op, u32 k) { put(static_cast<u16>(BPF_JMP | op | BPF_K), k, 0, kTo + trap); }
  void must_not(u16 op, u32 k) { put(static_cast<u16>(BPF_JMP | op | BPF_K), k, kTo + trap, 0); }
  void is(u32 k) { must(BPF_JEQ, k); }
  void argument_is(u32 argument, u64 value) {
    low(argument);
    is(static_cast<u32>(value));
    high(argument);
    is(static_cast<u32>(value >> 32));
  }
  void if_is(u32 k, Verdict v) { put(BPF_JMP | BPF_JEQ | BPF_K, k, static_cast<u8>(kTo + v), 0); }
  // What follows is for this word only; end_of() says where it ends.
  u32 only_for(u32 k) {
    put(BPF_JMP | BPF_JEQ | BPF_K, k, 0, 0);
    return n_ - 1;
  }
  void end_of(u32 section, Verdict v) {
    put(BPF_RET | BPF_K, kValue[v], 0, 0);
    f_[section].jf = static_cast<u8>(n_ - section - 1);
  }
  // The last instructions; jumps to verdicts are resolved.
  u32 finish() {
    const u32 end = n_;
    put(BPF_RET | BPF_K, kValue[trap], 0, 0);
    put(BPF_RET | BPF_K, kValue[allow], 0, 0);
    put(BPF_RET | BPF_K, kValue[ask], 0, 0);
    for (u32 i = 0; i < end; i++) {
      if (BPF_CLASS(f_[i].code) != BPF_JMP) continue;
      if (f_[i].jt >= kTo) f_[i].jt = static_cast<u8>(end + f_[i].jt - kTo - i - 1);
      if (f_[i].jf >= kTo) f_[i].jf = static_cast<u8>(end + f_[i].jf - kTo - i - 1);
    }
    return n_;
  }
  const sock_filter* code() const { return f_; }
  static constexpr u32 kMost = 128;

 private:
  static constexpr u8 kTo = 200;
  static constexpr u32 kValue[kVerdicts] = {SECCOMP_RET_TRAP, SECCOMP_RET_ALLOW, SECCOMP_RET_USER_NOTIF};
  void put(u16 code, u32 k, u8 jt, u8 jf) { f_[n_++] = {code, jt, jf, k}; }
  sock_filter f_[kMost] = {};
  u32 n_ = 0;
};
}  // namespace

void write_stub_filter(u8* at, Calls mapping) {
  static_assert((stub::kCodeVa >> 32) == kHigh && (stub::kSlotVa >> 32) == kHigh && stub::kSlotVa % stub::kSlotSize == 0);
  const bool asked = mapping == Calls::asked;
  const Program::Verdict changes = asked ? Program::ask : Program::allow;
  Program p;
  p.word(offsetof(seccomp_data, arch));
  p.is(AUDIT_ARCH_X86_64);
  p.word(offsetof(seccomp_data, instruction_pointer) + 4);
  p.is(kHigh);
  p.word(offsetof(seccomp_data, instruction_pointer));
  p.must(BPF_JGE, static_cast<u32>(stub::kCodeVa));
  p.must_not(BPF_JGT, static_cast<u32>(stub::kCodeVa + stub::kCodeSize));
  p.word(offsetof(seccomp_data, nr));
  u32 s = p.only_for(SYS_futex);  // waiting for, and waking, the other side of an exchange page, without a timeout
  p.high(0);
  p.is(kHigh);
  p.low(0);
  p.must(BPF_JGE, static_cast<u32>(stub::kSlotVa));
  p.must_not(BPF_JSET, stub::kSlotSize - 1);
  p.low(1);
  p.must_not(BPF_JGT, 1);
  p.argument_is(3, 0);
  p.end_of(s, Program::allow);
  s = p.only_for(SYS_mmap);  // shared and at its address, of the memory or the exchange file; never the trampoline's code
  if (!asked) {
    p.low(3);
    p.must_not(BPF_JSET, ~0x8011U);
    p.must(BPF_JSET, 0x10);
    p.low(4);
    p.must_not(BPF_JGT, stub::kFdExchange);
  }
  p.end_of(s, changes);
  s = p.only_for(SYS_clone);  // a thread of this process, or a process of the zygote's
  if (!asked) {
    p.high(0);
    p.is(0);
    p.low(0);
    p.must_not(BPF_JSET, ~0x50f00U & ~0x8000U);
  }
  p.end_of(s, changes);
  s = p.only_for(SYS_prctl);
  p.argument_is(0, 1);  // PR_SET_PDEATHSIG
  p.argument_is(1, 9);
  p.end_of(s, Program::allow);
  s = p.only_for(SYS_rt_sigprocmask);
  p.argument_is(0, 2);
  p.argument_is(2, 0);
  p.end_of(s, Program::allow);
  s = p.only_for(SYS_sigaltstack);
  p.argument_is(1, 0);
  p.end_of(s, Program::allow);
  p.if_is(SYS_munmap, changes);
  p.if_is(SYS_rt_sigreturn, Program::allow);
  p.if_is(SYS_getppid, Program::allow);
  p.if_is(SYS_exit_group, Program::allow);
  if (asked) p.if_is(stub::kFenceCall, Program::ask);
  const u16 length = static_cast<u16>(p.finish());
  static_assert(Program::kMost * sizeof(sock_filter) + 8 <= 2048);
  const u32 flags = asked ? SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV : 0;
  // SAFETY: the caller gives room for 2048 bytes.
  memcpy(at, &length, sizeof length);
  memcpy(at + 4, &flags, sizeof flags);
  memcpy(at + 8, p.code(), length * sizeof(sock_filter));
}

bool asked_next(int listener, AskedCall& call) {
  seccomp_notif n{};
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n) != 0) return false;
  call = {n.id, static_cast<int>(n.pid), static_cast<u64>(static_cast<u32>(n.data.nr)), {}};
  for (u32 i = 0; i < 6; i++) call.a[i] = n.data.args[i];
  return true;
}
void asked_let(int listener, const AskedCall& call) {
  seccomp_notif_resp r{call.id, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE};
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);  // refused when the thread has been killed meanwhile
}
void asked_skip(int listener, const AskedCall& call, bool success) {
  seccomp_notif_resp r{call.id, 0, success ? 0 : -EPERM, 0};
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);
}

}  // namespace ostd::host
