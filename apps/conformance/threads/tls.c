// SPDX-License-Identifier: MPL-2.0
// The thread pointer: arch_prctl, its inheritance by fork and its own value in each thread; names of threads.
// Covers: arch_prctl prctl clone
#include "../conf.h"
#include <pthread.h>
#include <sys/prctl.h>
static _Thread_local int value = 42;
static _Thread_local char array[5000];
static unsigned long fs(void)
{
    unsigned long v;
    SC(arch_prctl, 0x1003, &v);
    return v;
}
static unsigned long bases[2];
static void *thread(void *a)
{
    char name[16];
    int i = (long)a;
    bases[i] = fs();
    value += i, array[4999] = i;
    prctl(PR_GET_NAME, name), say("inherited name %s", name);
    prctl(PR_SET_NAME, "a name that is longer than 15"), prctl(PR_GET_NAME, name), S(name);
    say("tls %d %d", value, array[4999]);
    return 0;
}
static long data[4] = {1, 2, 3, 4};
static void test(void)
{
    unsigned long v = fs(), self;
    __asm__("mov %%fs:0, %0" : "=r"(self));
    say("fs base is the thread pointer %d", self == v && v == (unsigned long)pthread_self());
    prctl(PR_SET_NAME, "first");
    pthread_t t;
    for (long i = 0; i < 2; i++)
        pthread_create(&t, 0, thread, (void *)i), pthread_join(t, 0);
    say("own base %d, own value %d", bases[0] != v && bases[1] != v, value);
    char name[20];
    prctl(PR_GET_NAME, name), S(name);
    get_file("/proc/self/comm", name, sizeof name), S(name);
    // The gs base is free for use.
    R(SC(arch_prctl, 0x1001, data));
    long x;
    __asm__ volatile("mov %%gs:16, %0" : "=r"(x));
    V(x);
    R(SC(arch_prctl, 0x1004, &v)), say("read back %d", v == (unsigned long)data);
    pid_t c;
    CHILD(c) { __asm__ volatile("mov %%gs:8, %0" : "=r"(x)); say("child's gs %ld, fs kept %d", x, value == 42); }
    reap("child", c);
    for (int i = 0; i < 50; i++)
        sched_yield();
    __asm__ volatile("mov %%gs:24, %0" : "=r"(x));
    V(x);
    R(SC(arch_prctl, 0x1002, 1ul << 56)), R(SC(arch_prctl, 0x1001, -1)), R(SC(arch_prctl, 0x1003, BAD)), R(SC(arch_prctl, 99, 0));
    R(SC(arch_prctl, 0x1001, 0));
    // A raw clone with CLONE_SETTLS
    static char stack[16384] __attribute__((aligned(16)));
    static long tls[8];
    tls[0] = (long)tls;
    static volatile int done;
    long flags = CLONE_VM | CLONE_SETTLS | SIGCHLD, r;
    register void *tp __asm__("r8") = tls;
    register void *none __asm__("r10") = 0;
    // The child: done = (fs:0 == tls); exit(3)
    __asm__ volatile("syscall\n test %%rax, %%rax\n jnz 1f\n mov %%fs:0, %%rbx\n cmp %%r8, %%rbx\n sete %%bl\n movzx %%bl, %%ebx\n mov %%ebx, %1\n"
                     "mov $60, %%eax\n mov $3, %%edi\n syscall\n 1:"
                     : "=a"(r), "=m"(done) : "0"(SYS_clone), "D"(flags), "S"(stack + sizeof stack), "d"(0), "r"(none), "r"(tp)
                     : "rcx", "r11", "rbx", "memory");
    reap("clone", r), V(done);
}
