// SPDX-License-Identifier: MPL-2.0
// Handlers within handlers, masks during each, sigreturn restoring every register and the mask; longjmp out of handlers.
// Covers: rt_sigreturn rt_sigprocmask
#include "../conf.h"
#include <setjmp.h>
static int level, again;
static void one(int s)
{
    int at = ++level;
    say("%*s> %s level %d", at * 2, "", sname(s), at);
    if (s == SIGUSR1)
        raise(SIGUSR2);
    else if (s == SIGUSR2)
        raise(SIGTERM), at < 3 && !again++ ? raise(SIGUSR1) : 0; // USR1 is blocked: it runs later
    say("%*s< %s level %d", at * 2, "", sname(s), at);
    level--;
}
static sigjmp_buf env;
static void jump(int s) { siglongjmp(env, s); }
static jmp_buf env2;
static void jump2(int s) { longjmp(env2, s); }
static void endless(int s) { raise(s); }
static void quiet(int s) { (void)s; level++; }
static void change_mask(int s, siginfo_t *i, void *u)
{
    (void)s, (void)i;
    ((ucontext_t *)u)->uc_sigmask.__bits[0] |= 1ul << (SIGTERM - 1); // in force after the return
}
static void test(void)
{
    sigset_t m;
    on(SIGUSR1, one, 0), on(SIGUSR2, one, 0), on(SIGTERM, one, 0);
    raise(SIGUSR1);
    V(level);
    // Registers over a signal: all of them keep their values.
    on(SIGUSR1, quiet, 0);
    unsigned long r[8], ok = 1;
    long pid = getpid(), ret;
    for (int round = 0; round < 100; round++) {
        register long n10 __asm__("r10") = 10, n9 __asm__("r9") = 9, n8 __asm__("r8") = 8;
        __asm__ volatile("mov $0x1212, %%r12\n mov $0x1313, %%r13\n mov $0x1414, %%r14\n mov $0x1515, %%r15\n"
                         "movq %%r12, %%xmm3\n std\n syscall\n"
                         "pushfq\n pop %%rcx\n cld\n shr $10, %%rcx\n and $1, %%rcx\n mov %%rcx, %4\n"
                         "movq %%xmm3, %%rcx\n mov %%rcx, %5\n mov %%r12, %1\n mov %%r13, %2\n mov %%r15, %3\n"
                         : "=a"(ret), "=m"(r[0]), "=m"(r[1]), "=m"(r[2]), "=m"(r[3]), "=m"(r[4]), "+r"(n10), "+r"(n9), "+r"(n8)
                         : "0"(SYS_kill), "D"(pid), "S"(SIGUSR1)
                         : "rcx", "r11", "r12", "r13", "r14", "r15", "memory", "xmm3", "cc");
        ok &= r[0] == 0x1212 && r[1] == 0x1313 && r[2] == 0x1515 && r[3] == 1 && r[4] == 0x1212 && n10 == 10 && n9 == 9 &&
              n8 == 8 && ret == 0;
    }
    say("registers kept %lu, handlers ran %d", ok, level);
    level = 0;
    // siglongjmp restores the mask, longjmp does not.
    on(SIGUSR1, jump, 0), on(SIGUSR2, jump2, 0);
    for (volatile int i = 0; i < 3; i++) {
        int s = sigsetjmp(env, 1);
        if (s == 0)
            raise(SIGUSR1), say("not reached");
        sigprocmask(0, 0, &m);
        say("back from %s, blocked %d", sname(s), sigismember(&m, SIGUSR1));
    }
    int s = setjmp(env2);
    if (s == 0)
        raise(SIGUSR2), say("not reached");
    sigprocmask(0, 0, &m);
    say("back from %s, blocked %d", sname(s), sigismember(&m, SIGUSR2));
    on_info(SIGUSR1, change_mask, 0), raise(SIGUSR1);
    sigprocmask(0, 0, &m), V(sigismember(&m, SIGTERM));
    // Deep nesting
    sigemptyset(&m), sigprocmask(SIG_SETMASK, &m, 0);
    pid_t c;
    CHILD(c) {
        // Endless nesting ends in SIGSEGV when the stack is full.
        struct sigaction a;
        memset(&a, 0, sizeof a);
        a.sa_handler = endless, a.sa_flags = SA_NODEFER;
        sigaction(SIGUSR1, &a, 0);
        SC(prctl, 4, 0, 0, 0, 0);
        raise(SIGUSR1);
    }
    reap("endless", c);
}
