// SPDX-License-Identifier: MPL-2.0
// The trampoline: all code of ours that runs in a stub process. Copied to a memory file and mapped at kCodeVa in every stub.
// Position independent, in one section, without data, libc, vector registers or sanitizers (the build checks the object).
// Signal handlers run with all signals blocked, so an interrupt is pending until the frame is resumed and cannot be lost; one
// that hits the fast path's trampoline sets Ctl::kicked, or, once the exit has begun, is turned into a frame of user code.
#include "stub/layout.h"

using namespace ostd::stub;

#define STUB __attribute__((section("stubtext"), noinline, used))
#define STUB_INLINE static inline __attribute__((always_inline))

// Everything here runs in a process of its own and can only harm that. Addresses come from the OS through the exchange page or
// from the kernel's signal frame; what lies at them is mapped before user code runs, and the filter ends whoever unmaps it.

// SAFETY: the registers of the x86-64 system call convention; callers pass addresses of this stub's own memory.
STUB_INLINE long sys6(long n, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
  long r;
  register u64 r10_ asm("r10") = d;
  register u64 r8_ asm("r8") = e;
  register u64 r9_ asm("r9") = f;
  asm volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10_), "r"(r8_), "r"(r9_) : "rcx", "r11", "memory");
  return r;
}
STUB_INLINE long sys3(long n, u64 a = 0, u64 b = 0, u64 c = 0) { return sys6(n, a, b, c, 0, 0, 0); }

// A call that waits for its answer from the OS can be interrupted before that has seen it.
STUB_INLINE long sys6_done(long n, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
  long r;
  do r = sys6(n, a, b, c, d, e, f);
  while (r == -4);
  return r;
}

enum : long {
  kMmap = 9, kMunmap = 11, kSigaction = 13, kSigprocmask = 14, kSigreturn = 15, kClone = 56, kGetppid = 110, kSigaltstack = 131,
  kPrctl = 157, kFutex = 202, kExitGroup = 231, kSeccomp = 317,
};
constexpr u64 kOurSignals = 1ULL << 4 | 1ULL << 5 | 1ULL << 7 | 1ULL << 8 | 1ULL << 11 | 1ULL << 31 | 1ULL << kSigInterrupt;

extern "C" {
extern __attribute__((visibility("hidden"))) char stub_exit_lo[], stub_exit_hi[], stub_restorer[], stub_fast[], stub_trap[],
    __start_stubtext[];
void stub_child(Ctl*);

// Entry from patched system call sites (through a thunk each): rax = number, rcx = return address, r11 free, gs = Ctl.
// No user stack is touched, so the red zone is safe; vector registers stay as they are.
// SAFETY: gs points to this thread's Ctl (the thunk has looked, a new thread sets it); R is where Ctl has its registers (layout.h).
asm(R"(
.pushsection stubtext,"ax",@progbits
.globl stub_fast, stub_exit_lo, stub_exit_hi, stub_restorer, stub_trap
.set R, 0x60
stub_fast:
  mov %r8,%gs:R+0
  mov %r9,%gs:R+8
  mov %r10,%gs:R+16
  mov %r12,%gs:R+32
  mov %r13,%gs:R+40
  mov %r14,%gs:R+48
  mov %r15,%gs:R+56
  mov %rdi,%gs:R+64
  mov %rsi,%gs:R+72
  mov %rbp,%gs:R+80
  mov %rbx,%gs:R+88
  mov %rdx,%gs:R+96
  mov %rax,%gs:R+104
  mov %rcx,%gs:R+112
  mov %rsp,%gs:R+120
  mov %rcx,%gs:R+128
  mov %gs:0x30,%rdi
  lea 0x2000(%rdi),%rsp
  pushfq
  popq %gs:R+136
  cld
  call stub_fast_c
stub_exit_lo:
  cmpl $0,%gs:0x1c
  jne stub_kicked
  pushq %gs:R+136
  popfq
  mov %gs:R+0,%r8
  mov %gs:R+8,%r9
  mov %gs:R+16,%r10
  mov %gs:R+24,%r11
  mov %gs:R+32,%r12
  mov %gs:R+40,%r13
  mov %gs:R+48,%r14
  mov %gs:R+56,%r15
  mov %gs:R+64,%rdi
  mov %gs:R+72,%rsi
  mov %gs:R+80,%rbp
  mov %gs:R+88,%rbx
  mov %gs:R+96,%rdx
  mov %gs:R+104,%rax
  mov %gs:R+112,%rcx
  mov %gs:R+120,%rsp
  jmp *%gs:R+128
stub_exit_hi:
stub_kicked:
  mov %gs:0x30,%rdi
  call stub_fast_interrupt
  jmp stub_exit_lo
stub_trap:
  ud2
stub_restorer:
  mov $15,%eax
  syscall
.popsection
)");

// The child maps its own slot before it touches any memory: until then it shares the zygote's stack.
// SAFETY: the child's path uses registers only until its stack is its own, and never returns.
STUB_INLINE long spawn_process(u64 offset) {
  long r;
  register u64 r12_ asm("r12") = offset;
  register u64 r13_ asm("r13") = kSlotVa;
  register u64 r10_ asm("r10") = 0;
  register u64 r8_ asm("r8") = 0;
  asm volatile(
      "syscall; test %%rax,%%rax; jnz 1f\n"
      "mov $9,%%eax; mov %%r13,%%rdi; mov %[len],%%esi; mov $3,%%edx; mov $0x11,%%r10d; mov %[fd],%%r8d; mov %%r12,%%r9; syscall\n"
      "cmp %%r13,%%rax; jne 2f\n"
      "lea 0x2000(%%r13),%%rsp; pushq $0; xor %%ebp,%%ebp; mov %%r13,%%rdi; jmp stub_child\n"
      "2: mov $96,%%edi; mov $231,%%eax; syscall; ud2\n"
      "1:"
      : "=a"(r), "+r"(r10_), "+r"(r8_)
      : "a"(kClone), "D"(0x8000 /* CLONE_PARENT, no signal at its end */), "S"(0), "d"(0), "r"(r12_), "r"(r13_), [len] "i"(kSlotSize),
        [fd] "i"(kFdExchange)
      : "rcx", "r11", "memory");
  return r;
}
STUB_INLINE long spawn_thread(u64 slot, u64 offset) {
  const u64 at = kSlotVa + slot * kSlotSize;
  const long m = sys6_done(kMmap, at, kSlotSize, 3, 0x11, kFdExchange, offset);
  if (m != static_cast<long>(at)) return m < 0 ? m : -12;
  long r;
  do {
    // SAFETY: the child starts on the stack of the slot just mapped and never returns.
    register u64 r13_ asm("r13") = at;
    register u64 r10_ asm("r10") = 0;
    register u64 r8_ asm("r8") = 0;
    asm volatile("syscall; test %%rax,%%rax; jnz 1f\n"
                 "pushq $0; xor %%ebp,%%ebp; mov %%r13,%%rdi; jmp stub_child\n1:"
                 : "=a"(r), "+r"(r10_), "+r"(r8_)
                 : "a"(kClone), "D"(0x50f00 /* VM FS FILES SIGHAND THREAD SYSVSEM */), "S"(at + kFastStackEnd), "d"(0), "r"(r13_)
                 : "rcx", "r11", "memory");
  } while (r == -4);
  return r;
}

// SAFETY: reads the time stamp and the number of the host CPU.
STUB_INLINE u64 rdtscp(u32* cpu) {
  u32 a, d, c;
  asm volatile("rdtscp" : "=a"(a), "=d"(d), "=c"(c));
  *cpu = c & 0xfff;
  return static_cast<u64>(d) << 32 | a;
}

// Gives the thread to the OS and waits to get it back; runs commands until the OS lets it go on.
STUB_INLINE void exchange(Ctl* c) {
  do {
    u32 cpu;
    rdtscp(&cpu);
    c->stub_cpu = cpu;
    // seq_cst exchange, then a load: either we see that the OS sleeps, or it sees state 0 before it does.
    __atomic_exchange_n(&c->state, 0, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&c->os_sleeps, __ATOMIC_SEQ_CST)) sys3(kFutex, reinterpret_cast<u64>(&c->state), 1, 1);  // SAFETY: only the address
    if (c->spin && c->os_cpu != cpu) {
      const u64 end = rdtscp(&cpu) + c->spin;
      // The OS sets spin to 0 when it turns to another thread.
      while (!__atomic_load_n(&c->state, __ATOMIC_ACQUIRE) && __atomic_load_n(&c->spin, __ATOMIC_RELAXED)) {
        __builtin_ia32_pause();
        if (rdtscp(&cpu) > end) break;
      }
    }
    while (!__atomic_load_n(&c->state, __ATOMIC_ACQUIRE)) {
      __atomic_store_n(&c->stub_sleeps, 1, __ATOMIC_SEQ_CST);
      // SAFETY: only the address.
      if (!__atomic_load_n(&c->state, __ATOMIC_SEQ_CST)) sys6(kFutex, reinterpret_cast<u64>(&c->state), 0, 0, 0, 0, 0);
      __atomic_store_n(&c->stub_sleeps, 0, __ATOMIC_SEQ_CST);
    }
    if (const u32 n = c->commands) {
      u32 failed = 0;
      for (u32 i = 0; i < n; i++) {
        Cmd* m = &c->cmd[i];
        long r;
        if (m->nr == kCmdSpawnProcess) r = spawn_process(m->a[0]);
        else if (m->nr == kCmdSpawnThread) r = spawn_thread(m->a[0], m->a[1]);
        else if (m->nr == kCmdFrame) {
          c->commands = 0;
          // SAFETY: ud2: the handler's frame is what the thread goes on from, never this function.
          asm volatile("jmp stub_trap");
          __builtin_unreachable();
        } else r = sys6_done(static_cast<long>(m->nr), m->a[0], m->a[1], m->a[2], m->a[3], m->a[4], m->a[5]);
        m->ret = r;
        if (r < 0) failed++;
      }
      c->failed = failed;
      if (c->fence) sys6_done(kFenceCall, 0, 0, 0, 0, 0, 0);
      __atomic_store_n(&c->commands, 0, __ATOMIC_RELEASE);  // a flush on another CPU waits for this
    }
  } while (c->again || c->failed);  // no user code with mappings that are not as the OS wants them
  if (const u32 set = c->set) {
    c->set = 0;
    // SAFETY: bases of user code, which the OS has found canonical; this code uses neither but in stub_fast, for which gs is ours.
    if (set & kSetFs) asm volatile("wrfsbase %0" ::"r"(c->fs_base));
    if (set & kSetGs) asm volatile("wrgsbase %0" ::"r"(c->gs_base));
    if (set & kFlipId) asm volatile("pushfq; xorq $0x200000,(%%rsp); popfq" ::: "cc", "memory");
  }
}
// SAFETY: reads a register.
STUB void stub_fast_c(Ctl* c) {
  c->kind = kFast;
  asm volatile("rdfsbase %0" : "=r"(c->fs_base));
  exchange(c);
}
// SAFETY: reads a register.
STUB void stub_fast_interrupt(Ctl* c) {
  c->kind = kFastInterrupt;
  asm volatile("rdfsbase %0" : "=r"(c->fs_base));
  exchange(c);
}

// siginfo: si_code at 8, si_addr or si_call_addr at 16, si_syscall and si_arch at 24.
STUB void stub_handler(int sig, char* si, char* uc) {
  // SAFETY: the frame lies on the signal stack, in the slot that begins with the Ctl; offsets as the kernel lays frames out.
  Ctl* c = reinterpret_cast<Ctl*>(reinterpret_cast<u64>(uc) & ~(kSlotSize - 1));
  u64* g = reinterpret_cast<u64*>(uc + kUcGregs);
  if (sig == kSigInterrupt && g[rip] - kCodeVa < kCodeSize) {
    const u64 at = g[rip] - kCodeVa, base = reinterpret_cast<u64>(__start_stubtext);
    // SAFETY: only addresses.
    if (at < reinterpret_cast<u64>(stub_exit_lo) - base || at >= reinterpret_cast<u64>(stub_exit_hi) - base) {
      c->kicked = 1;
      return;
    }
    for (u32 i = 0; i < kRegs; i++) g[i] = c->regs[i];  // as if the exit had been finished
  }
  c->kind = kFrame;
  c->sig = static_cast<u32>(sig);
  // SAFETY: si points to a whole siginfo.
  c->code = *reinterpret_cast<u32*>(si + 8);
  c->si_addr = *reinterpret_cast<u64*>(si + 16);
  c->si_sys = *reinterpret_cast<u64*>(si + 24);
  // SAFETY: an address, and registers that are read.
  c->uc = reinterpret_cast<u64>(uc);
  asm volatile("rdfsbase %0" : "=r"(c->fs_base));
  asm volatile("rdgsbase %0" : "=r"(c->gs_base));
  exchange(c);
}

// A new thread becomes a signal frame that the OS fills in: the one way in.
// SAFETY: c starts this thread's slot; the kernel copies what the addresses point to; ud2 leads into the handler, never back.
STUB_INLINE void thread_ready(Ctl* c) {
  struct { u64 sp; int flags; u64 size; } ss = {reinterpret_cast<u64>(c) + kSignalStack, 0, kSlotSize - kSignalStack};
  sys3(kSigaltstack, reinterpret_cast<u64>(&ss), 0);
  c->self = reinterpret_cast<u64>(c);
  asm volatile("wrgsbase %0" ::"r"(c));
  sys3(kPrctl, 1 /* PR_SET_PDEATHSIG */, 9);
  if (static_cast<u32>(sys3(kGetppid)) != c->parent) sys3(kExitGroup, 95);  // the OS died before the line above
  // SAFETY: as above.
  u64 blocked = ~(kOurSignals >> 1);
  sys6(kSigprocmask, 2, reinterpret_cast<u64>(&blocked), 0, 8, 0, 0);
  asm volatile("jmp stub_trap");
  __builtin_unreachable();
}
STUB void stub_child(Ctl* c) { thread_ready(c); }

// SAFETY: runs on the zygote's slot; the addresses are of this code as it is mapped at kCodeVa and of structs that the kernel copies.
STUB void stub_final(u64 lo, u64 hi) {
  sys3(kMunmap, lo, hi - lo);
  const u64 base = reinterpret_cast<u64>(__start_stubtext);
  for (u32 s = 1; s < 32; s++) {
    if (!(kOurSignals >> s & 1)) continue;
    // SA_SIGINFO | SA_ONSTACK | SA_RESTORER
    // SAFETY: as above.
    struct { u64 handler, flags, restorer, mask; } sa = {kCodeVa + (reinterpret_cast<u64>(stub_handler) - base), 0x4 | 0x08000000 | 0x04000000,
                                                         kCodeVa + (reinterpret_cast<u64>(stub_restorer) - base), ~0ULL};
    sys6(kSigaction, s, reinterpret_cast<u64>(&sa), 0, 8, 0, 0);
  }
  // SAFETY: the OS has put the filter there.
  struct { u16 len; u64 program; } prog = {*reinterpret_cast<u16*>(kSlotVa + kFilterAt), kSlotVa + kFilterAt + 8};
  // With a listener it returns that one's descriptor.
  const u32 flags = *reinterpret_cast<u32*>(kSlotVa + kFilterAt + 4);
  const long r = sys3(kSeccomp, 1, flags, reinterpret_cast<u64>(&prog));
  if (flags != 0 ? r != kFdListener : r != 0) sys3(kExitGroup, 99);
  thread_ready(reinterpret_cast<Ctl*>(kSlotVa));
}
// First code of the zygote, on a temporary mapping [lo, hi): drops everything else, then moves to kCodeVa.
STUB void stub_boot(u64 lo, u64 hi, u64 offset) {
  long r = sys3(kMunmap, 0, lo);
  r |= sys3(kMunmap, hi, kTopEnd - hi);
  if (r != 0) sys3(kExitGroup, 97);  // a sealed mapping
  if (sys6(kMmap, kCodeVa, kCodeSize, 5, 0x11, kFdCode, 0) < 0) sys3(kExitGroup, 98);
  if (sys6(kMmap, kSlotVa, kSlotSize, 3, 0x11, kFdExchange, offset) < 0) sys3(kExitGroup, 98);
  // SAFETY: code and slot have just been mapped there; stub_final never returns.
  const u64 next = kCodeVa + (reinterpret_cast<u64>(stub_final) - reinterpret_cast<u64>(__start_stubtext));
  asm volatile("mov %0,%%rsp; pushq $0; jmp *%1" ::"r"(kSlotVa + kFastStackEnd), "r"(next), "D"(lo), "S"(hi));
  __builtin_unreachable();
}
}  // extern "C"
