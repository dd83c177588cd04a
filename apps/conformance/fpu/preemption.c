// SPDX-License-Identifier: MPL-2.0
// Several processes and threads compute in every kind of register while they are preempted: none sees another's values.
// Covers: clone fork
#include "../conf.h"
#include <pthread.h>
static volatile int stop;
static long errors;
static void fill_and_check(unsigned long seed, int rounds)
{
    unsigned long in[8] __attribute__((aligned(32))), out[32] __attribute__((aligned(32)));
    unsigned mxcsr = 0x1f80 | (unsigned)(seed & 3) << 13, got = 0;
    unsigned short cw = 0x37f, gotcw = 0;
    double x = 1.0 / (seed + 3), y = 0;
    int avx = __builtin_cpu_supports("avx");
    for (int r = 0; r < rounds; r++) {
        for (int i = 0; i < 8; i++)
            in[i] = seed * 0x9e3779b97f4a7c15ul + i + r;
        __asm__ volatile("ldmxcsr %0\n fldcw %1\n fldl %2" ::"m"(mxcsr), "m"(cw), "m"(x));
        if (avx)
            __asm__ volatile("vmovdqa (%0), %%ymm0\n vmovdqa 32(%0), %%ymm7\n vmovdqa (%0), %%ymm15\n mov $30000, %%rcx\n 1: dec %%rcx\n jnz 1b\n"
                             "vmovdqa %%ymm0, (%1)\n vmovdqa %%ymm7, 32(%1)\n vmovdqa %%ymm15, 64(%1)\n vzeroupper" ::"r"(in), "r"(out)
                             : "rcx", "memory", "xmm0", "xmm7", "xmm15");
        else
            __asm__ volatile("movdqa (%0), %%xmm0\n movdqa 32(%0), %%xmm7\n movdqa (%0), %%xmm15\n mov $30000, %%rcx\n 1: dec %%rcx\n jnz 1b\n"
                             "movdqa %%xmm0, (%1)\n movdqa %%xmm7, 32(%1)\n movdqa %%xmm15, 64(%1)" ::"r"(in), "r"(out)
                             : "rcx", "memory", "xmm0", "xmm7", "xmm15");
        __asm__ volatile("stmxcsr %0\n fnstcw %1\n fstpl %2" : "=m"(got), "=m"(gotcw), "=m"(y));
        int width = avx ? 32 : 16;
        if (memcmp(out, in, width) || memcmp(out + 4, in + 4, width) || memcmp(out + 8, in, width) || (got & 0xffc0) != mxcsr || gotcw != cw || x != y)
            __atomic_add_fetch(&errors, 1, __ATOMIC_SEQ_CST);
        if (r % 16 == 0)
            sched_yield();
    }
    unsigned normal = 0x1f80;
    __asm__ volatile("ldmxcsr %0" ::"m"(normal));
}
static void *thread(void *a)
{
    fill_and_check((unsigned long)a, 150);
    return 0;
}
static void test(void)
{
    pthread_t t[6];
    for (long i = 0; i < 6; i++)
        pthread_create(&t[i], 0, thread, (void *)(i + 1));
    for (int i = 0; i < 6; i++)
        pthread_join(t[i], 0);
    say("errors in threads %ld", errors);
    pid_t c[6];
    for (int i = 0; i < 6; i++)
        CHILD(c[i]) { fill_and_check(i + 100, 150); _exit(errors != 0); }
    for (int i = 0; i < 6; i++)
        reap("process", c[i]);
    // System calls that block keep the registers, too.
    int p[2];
    pipe(p);
    pid_t k;
    CHILD(k) { for (int i = 0; i < 50; i++) fill_and_check(i, 1), write(p[1], "x", 1), nap(1); }
    long bad = 0;
    for (int i = 0; i < 50; i++) {
        unsigned long v[2] = {i, ~(unsigned long)i}, w[2];
        char ch;
        long r;
        __asm__ volatile("movdqu %2, %%xmm6\n movdqu %2, %%xmm13\n syscall\n paddq %%xmm13, %%xmm6\n movdqu %%xmm6, %1"
                         : "=a"(r), "=m"(w) : "m"(v), "0"(SYS_read), "D"(p[0]), "S"(&ch), "d"(1) : "rcx", "r11", "memory", "xmm6", "xmm13");
        bad += r != 1 || w[0] != 2 * v[0] || w[1] != 2 * v[1];
    }
    say("errors over blocking calls %ld", bad);
    reap("writer", k);
}
