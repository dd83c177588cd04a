// SPDX-License-Identifier: MPL-2.0
// The state of the FPU over fork, thread creation and exec: children inherit it, a new program begins with a fresh one.
// Covers: fork execve clone
#include "../conf.h"
#include <pthread.h>
static void get(unsigned *m, unsigned short *c) { __asm__ volatile("stmxcsr %0\n fnstcw %1" : "=m"(*m), "=m"(*c)); }
static void show(const char *what)
{
    unsigned m;
    unsigned short c;
    get(&m, &c);
    say("%s: mxcsr %#x cw %#x", what, m & 0xffc0, c);
}
int conf_reexec(int argc, char **argv)
{
    (void)argc, (void)argv;
    show("new program");
    return 0;
}
static void *thread(void *a) { show("new thread"); return a; }
static void test(void)
{
    unsigned m = 0x7f80, normal = 0x1f80;
    unsigned short c = 0xf7f, plain = 0x37f;
    unsigned long v[2] = {0xabcdef, 0x123456}, w[2] = {0};
    long r;
    show("at the start");
    __asm__ volatile("ldmxcsr %0\n fldcw %1" ::"m"(m), "m"(c));
    __asm__ volatile("movdqu %2, %%xmm9\n syscall\n movdqu %%xmm9, %1" : "=a"(r), "=m"(w) : "m"(v), "0"(SYS_fork) : "rcx", "r11", "memory", "xmm9");
    if (r == 0) {
        say("child: xmm9 %d", !memcmp(v, w, 16)), show("child");
        _exit(0);
    }
    waitpid(r, 0, 0);
    say("parent: xmm9 %d", !memcmp(v, w, 16)), show("parent");
    pthread_t t;
    pthread_create(&t, 0, thread, 0), pthread_join(t, 0);
    pid_t k;
    CHILD(k) { execl(conf_self, "x", "y", (char *)0); }
    waitpid(k, 0, 0);
    // A computation in a child does not disturb the parent.
    CHILD(k) { volatile double d = 0; for (int i = 0; i < 1000000; i++) d += i; say("child computed %.0f", d); }
    waitpid(k, 0, 0), show("parent");
    __asm__ volatile("ldmxcsr %0\n fldcw %1" ::"m"(normal), "m"(plain));
    // Rounding modes do what they say.
    volatile double one = 1, three = 3;
    for (unsigned mode = 0; mode < 4; mode++) {
        unsigned x = 0x1f80 | mode << 13;
        __asm__ volatile("ldmxcsr %0" ::"m"(x) : "memory");
        volatile double q = one / three, n = -one / three;
        __asm__ volatile("ldmxcsr %0" ::"m"(normal) : "memory");
        unsigned long a, b;
        double qv = q, nv = n;
        memcpy(&a, &qv, 8), memcpy(&b, &nv, 8);
        say("mode %u: %#lx %#lx", mode, a, b);
    }
}
