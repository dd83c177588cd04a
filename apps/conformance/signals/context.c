// SPDX-License-Identifier: MPL-2.0
// The frame of a handler: registers in ucontext, changed ones take effect, the red zone, alignment, trapno and cr2.
// Covers: rt_sigreturn rt_sigaction
#include "../conf.h"
#include <ucontext.h>
enum { R8, R9, R10, R11, R12, R13, R14, R15, RDI, RSI, RBP, RBX, RDX, RAX, RCX, RSP, RIP, EFL, CSGSFS, ERR, TRAPNO, OLDMASK, CR2 };
extern char fault_at[], after_fault[];
static volatile int aligned, hits;
static void on_fault(int s, siginfo_t *i, void *v)
{
    greg_t *g = ((ucontext_t *)v)->uc_mcontext.gregs;
    hits++;
    aligned = (uintptr_t)__builtin_frame_address(0) % 16 == 0;
    say("%s %s at the instruction %d, trap %ld error %lld cr2 is si_addr %d", sname(s), cname(s, i->si_code),
        g[RIP] == (greg_t)fault_at, (long)g[TRAPNO], (long long)g[ERR], g[CR2] == (greg_t)i->si_addr);
    say("rax %#lx rbx %#lx r15 %#lx", (long)g[RAX], (long)g[RBX], (long)g[R15]);
    g[RIP] = (greg_t)after_fault;
    g[RAX] = 0x77;
}
static void usr(int s, siginfo_t *i, void *v)
{
    (void)s, (void)i;
    ucontext_t *u = v;
    say("cs %#lx fpstate %d flags %#lx link %d", (long)(u->uc_mcontext.gregs[CSGSFS] & 0xffff), u->uc_mcontext.fpregs != 0,
        u->uc_flags & 6, u->uc_link != 0);
    hits++;
}
static volatile long flips;
static void tick(int s)
{
    (void)s;
    volatile char junk[512];
    for (int i = 0; i < 512; i++)
        junk[i] = i;
    flips += junk[1];
}
static void test(void)
{
    long rax, rbx;
    on_info(SIGSEGV, on_fault, 0), on_info(SIGUSR1, usr, 0);
    __asm__ volatile("mov $0x1111, %%ebx\n mov $0x2222, %%r15d\n xor %%eax, %%eax\n .globl fault_at, after_fault\n"
                     "fault_at: mov (%%rax), %%rcx\n mov $5, %%ebx\n after_fault:\n"
                     : "=a"(rax), "=b"(rbx)::"rcx", "r15", "memory");
    say("after: rax %#lx rbx %#lx", rax, rbx);
    V(aligned), V(hits);
    raise(SIGUSR1);
    // The red zone below the stack pointer is left alone by handlers.
    struct itimerval it = {{0, 1000}, {0, 1000}};
    on(SIGALRM, tick, 0), setitimer(ITIMER_REAL, &it, 0);
    long bad = 0;
    while (flips < 30) {
        long r;
        __asm__ volatile("movq $0x5a5a, -8(%%rsp)\n movq $0x6b6b, -120(%%rsp)\n mov $20000, %%rcx\n 1: dec %%rcx\n jnz 1b\n"
                         "mov -8(%%rsp), %0\n sub -120(%%rsp), %0\n" : "=&r"(r)::"rcx", "memory", "cc");
        bad += r != 0x5a5a - 0x6b6b;
    }
    it.it_interval.tv_usec = it.it_value.tv_usec = 0, setitimer(ITIMER_REAL, &it, 0);
    say("red zone damaged %ld", bad);
    // A ruined frame is a SIGSEGV of the kernel's own.
    pid_t c;
    CHILD(c) {
        SC(prctl, 4, 0, 0, 0, 0), signal(SIGSEGV, SIG_DFL);
        __asm__ volatile("xor %%rsp, %%rsp\n mov $15, %%eax\n syscall\n" ::: "memory");
    }
    reap("sigreturn without a frame", c);
}
