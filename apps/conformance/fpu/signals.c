// SPDX-License-Identifier: MPL-2.0
// The state of the FPU over signals: a handler begins with a clean one, and what it does is undone.
// Covers: rt_sigreturn rt_sigaction
#include "../conf.h"
#include <fenv.h>
#include <setjmp.h>
static unsigned handler_mxcsr;
static unsigned short handler_cw;
static volatile int runs;
static unsigned long saved_xmm[2];
static void clobber(int s, siginfo_t *i, void *u)
{
    (void)s, (void)i;
    __asm__ volatile("stmxcsr %0\n fnstcw %1" : "=m"(handler_mxcsr), "=m"(handler_cw));
    // The frame holds the interrupted state: xmm5 is at 160 + 5 * 16 of the FXSAVE area.
    memcpy(saved_xmm, (char *)((ucontext_t *)u)->uc_mcontext.fpregs + 160 + 5 * 16, 16);
    unsigned m = 0x9fc0;
    unsigned short c = 0x27f;
    __asm__ volatile("ldmxcsr %0\n fldcw %1\n pcmpeqd %%xmm0, %%xmm0\n pcmpeqd %%xmm5, %%xmm5\n pcmpeqd %%xmm15, %%xmm15\n fldpi\n fldpi" ::"m"(m), "m"(c) : "xmm0", "xmm5", "xmm15");
    if (__builtin_cpu_supports("avx"))
        __asm__ volatile("vpcmpeqd %%xmm5, %%xmm5, %%xmm5\n vinsertf128 $1, %%xmm5, %%ymm5, %%ymm5" ::: "xmm5");
    runs++;
}
static void change(int s, siginfo_t *i, void *u)
{
    (void)s, (void)i;
    unsigned long v[2] = {0x1111, 0x2222};
    memcpy((char *)((ucontext_t *)u)->uc_mcontext.fpregs + 160 + 5 * 16, v, 16);
}
static sigjmp_buf env;
static siginfo_t fault;
static void fpe(int s, siginfo_t *i, void *u) { (void)s, (void)u, fault = *i, siglongjmp(env, 1); }
static void test(void)
{
    unsigned long v[4] __attribute__((aligned(32))) = {1, 2, 3, 4}, w[4] __attribute__((aligned(32))) = {0};
    unsigned m = 0x3f80, got;
    unsigned short c = 0x77f, gotc;
    double x = 2.5, y = 0;
    int avx = __builtin_cpu_supports("avx");
    on_info(SIGUSR1, clobber, 0);
    long pid = getpid(), r;
    __asm__ volatile("ldmxcsr %0\n fldcw %1\n fldl %2" ::"m"(m), "m"(c), "m"(x));
    if (avx)
        __asm__ volatile("vmovdqa %2, %%ymm5\n syscall\n vmovdqa %%ymm5, %1\n vzeroupper" : "=a"(r), "=m"(w) : "m"(v), "0"(SYS_kill), "D"(pid), "S"(SIGUSR1) : "rcx", "r11", "memory", "xmm5");
    else
        __asm__ volatile("movdqa %2, %%xmm5\n syscall\n movdqa %%xmm5, %1" : "=a"(r), "=m"(w) : "m"(v), "0"(SYS_kill), "D"(pid), "S"(SIGUSR1) : "rcx", "r11", "memory", "xmm5");
    __asm__ volatile("fstpl %2\n stmxcsr %0\n fnstcw %1" : "=m"(got), "=m"(gotc), "=m"(y));
    fesetenv(FE_DFL_ENV);
    say("handler began with mxcsr %#x cw %#x", handler_mxcsr, handler_cw);
    say("kept: vector %d mxcsr %#x cw %#x x87 %d", !memcmp(v, w, avx ? 32 : 16), got & 0xffc0, gotc, x == y);
    say("frame holds xmm5 %d", saved_xmm[0] == 1 && saved_xmm[1] == 2);
    // What a handler writes into the frame becomes the state.
    on_info(SIGUSR1, change, 0);
    __asm__ volatile("movdqa %2, %%xmm5\n syscall\n movdqa %%xmm5, %1" : "=a"(r), "=m"(w) : "m"(v), "0"(SYS_kill), "D"(pid), "S"(SIGUSR1) : "rcx", "r11", "memory", "xmm5");
    say("changed %#lx %#lx", w[0], w[1]);
    // Under a fast timer
    struct itimerval it = {{0, 1000}, {0, 1000}};
    on_info(SIGALRM, clobber, SA_RESTART), runs = 0, setitimer(ITIMER_REAL, &it, 0);
    volatile double sum = 0;
    long bad = 0;
    for (int k = 0; runs < 50; k++) {
        double a = k, b = 0;
        for (int i = 0; i < 1000; i++)
            b += a * i;
        bad += b != a * 499500.0;
        sum += b;
    }
    it.it_interval.tv_usec = it.it_value.tv_usec = 0, setitimer(ITIMER_REAL, &it, 0);
    say("wrong sums %ld", bad);
    // Unmasked exceptions of the x87 (an emulator may not know those of SSE)
    on_info(SIGFPE, fpe, 0);
    if (!sigsetjmp(env, 1)) {
        unsigned short cw = 0x37b;
        __asm__ volatile("fninit\n fldcw %0\n fld1\n fldz\n fdivrp\n fwait" ::"m"(cw));
        say("x87: no fault");
    } else {
        __asm__ volatile("fninit");
        say("x87: code %d", fault.si_code);
    }
}
