// SPDX-License-Identifier: MPL-2.0
// UserContext: the registers of one user thread. user::run enters user mode and returns with what happened.
#pragma once
#include <base/result.h>
#include <ostd/address_space.h>
#include <span>

namespace ostd {

// General registers as x86-64 user code sees them.
struct UserRegs {
  u64 r15 = 0, r14 = 0, r13 = 0, r12 = 0, rbp = 0, rbx = 0, r11 = 0, r10 = 0, r9 = 0, r8 = 0;
  u64 rax = 0, rcx = 0, rdx = 0, rsi = 0, rdi = 0;
  u64 rip = 0, rsp = 0, rflags = 0x202;
  u64 fs_base = 0, gs_base = 0;
};

enum class UserEvent : u8 {
  syscall,      // number in rax, arguments in rdi rsi rdx r10 r8 r9; rip is after the instruction
  exception,    // see UserContext::fault()
  interrupted,  // a kick, a disturbance or the end of the time slice
  lost,         // host: the stub process is gone (killed from outside, host out of memory): the process must end as by SIGKILL
};

// Hardware exception vectors that reach services [sdm3 6.15].
enum class Exception : u8 {
  divide = 0, debug = 1, breakpoint = 3, overflow = 4, bound = 5, invalid_opcode = 6, no_device = 7,
  segment_not_present = 11, stack_segment = 12, general_protection = 13, page_fault = 14, x87 = 16, alignment = 17, simd = 19,
};

struct Fault {
  Exception vector = Exception::general_protection;
  u64 error_code = 0;   // as the processor gave it (page faults: bit 0 present, 1 write, 2 user, 4 fetch)
  VirtAddr address{};   // page faults: cr2
  constexpr Access access() const { return error_code & 16 ? Access::exec : error_code & 2 ? Access::write : Access::read; }
};

class OSTD_OWNED UserContext {
 public:
  UserContext();   // all zero, FPU initial
  ~UserContext();
  UserContext(UserContext&& o) noexcept;
  UserContext& operator=(UserContext&& o) noexcept;

  // What the last user::run left and the next one starts from. Flags and segment state are sanitised on every entry;
  // non-canonical rip or bases are reported as a general protection fault by the next run.
  // SAFETY: Impl begins with its UserRegs; both targets check it.
  OSTD_STABLE UserRegs& regs() [[clang::lifetimebound]] { return *reinterpret_cast<UserRegs*>(impl_); }
  const UserRegs& regs() const [[clang::lifetimebound]] { return *reinterpret_cast<const UserRegs*>(impl_); }
  // What services write to regs().fs_base and gs_base takes effect; what user code wrote there itself (wrfsbase) is surely in
  // regs() only after this.
  void fetch_bases();
  Fault fault() const;  // of the last UserEvent::exception

  // FPU/SIMD state in the XSAVE standard format with a legacy area of 512 bytes.
  usize fpu_size() const;
  u64 fpu_features() const;  // XCR0
  void fpu_save(std::span<u8> to);              // to.size() >= fpu_size() (checked)
  Status fpu_load(std::span<const u8> from);    // invalid_argument when the header or MXCSR is not valid
  void fpu_reset();
  void copy_from(UserContext& parent);          // fork: registers and FPU

  struct Impl;
  OSTD_UNSAFE Impl& impl() const { return *impl_; }

 private:
  Impl* impl_;
};

namespace user {
// Runs user code of ctx in the address space until something happens. Called only by the task that owns ctx; may be preempted
// and migrated inside. Returns interrupted at once when the task is disturbed or kicked (the kick is consumed).
UserEvent run(UserContext& ctx, const AddressSpace& as);
}  // namespace user

}  // namespace ostd
