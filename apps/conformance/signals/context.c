// SPDX-License-Identifier: MPL-2.0
// The frame of a handler: registers in ucontext, changed ones take effect, the red zone, alignment, trapno and cr2.
// Covers: rt_sigreturn rt_sigaction
#include "../conf.h"
#include <ucontext.h>
enum { G_R8, G_R9, G_R10, G_R11, G_R12, G_R13, G_R14, G_R15, G_RDI, G_RSI, G_RBP, G_RBX, G_RDX, G_RAX, G_RCX, G_RSP, G_RIP, G_EFL, G_CSGSFS, G_ERR, G_TRAPNO, G_OLDMASK, G_CR2 };
extern char fault_at[], after_fault[];
static volatile int aligned, hits;
static void on_fault(int s, siginfo_t *i, void *v)
{
    greg_t *g = ((ucontext_t *)v)->uc_mcontext.gregs;
    hits++;
    aligned = (uintptr_t)__builtin_frame_address(0) % 16 == 0;
    say("%s %s at the instruction %d, trap %ld error %lld cr2 is si_addr %d", sname(s), cname(s, i->si_code),
        g[G_RIP] == (greg_t)fault_at, (long)g[G_TRAPNO], (long long)g[G_ERR], g[G_CR2] == (greg_t)i->si_addr);
    say("rax %#lx rbx %#lx r15 %#lx", (long)g[G_RAX], (long)g[G_RBX], (long)g[G_R15]);
    g[G_RIP] = (greg_t)after_fault;
    g[G_RAX] = 0x77;
}
static void usr(int s, siginfo_t *i, void *v)
{
    (void)s, (void)i;
    ucontext_t *u = v;
    say("cs %#lx fpstate %d flags %#lx link %d", (long)(u->uc_mcontext.gregs[G_CSGSFS] & 0xffff), u->uc_mcontext.fpregs != 0,
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
