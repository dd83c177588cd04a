// SPDX-License-Identifier: MPL-2.0
// sigaltstack: handlers on it, stack overflow caught, states while on it, SS_AUTODISARM, errors, threads and fork.
// Covers: sigaltstack rt_sigreturn
#include "../conf.h"
#include <pthread.h>
#include <setjmp.h>
static char stack[65536], other[65536];
static int on_stack(void *p, char *base) { return (char *)p >= base && (char *)p < base + 65536; }
static void where(int s)
{
    stack_t now, bad = {.ss_sp = other, .ss_size = sizeof other};
    sigaltstack(0, &now);
    say("%s: on the alternate stack %d flags %#x size right %d", sname(s), on_stack(&now, stack), now.ss_flags,
        now.ss_size == sizeof stack);
    if (on_stack(&now, stack))
        R(sigaltstack(&bad, 0));
    if (s == SIGUSR1)
        raise(SIGUSR2);
}
static sigjmp_buf env;
static void overflow(int s, siginfo_t *i, void *u)
{
    char *sp = (char *)((ucontext_t *)u)->uc_mcontext.gregs[15 /* REG_RSP */];
    say("%s %s near the stack pointer %d, on the alternate stack %d", sname(s), cname(s, i->si_code),
        llabs((char *)i->si_addr - sp) < 65536, on_stack(&sp, stack));
    siglongjmp(env, 1);
}
static volatile int endless = 1;
__attribute__((noinline)) static int deep(volatile char *p)
{
    if (!endless)
        return 0;
    volatile char b[4096];
    b[0] = p[0];
    return deep(b) + b[0];
}
static void *thread(void *a)
{
    stack_t st;
    sigaltstack(0, &st);
    say("new thread: disabled %d", st.ss_flags == SS_DISABLE);
    return a;
}
static void test(void)
{
    stack_t st, old;
    R(SC(sigaltstack, 0, &old));
    say("flags %d sp %d size %zu", old.ss_flags, old.ss_sp != 0, old.ss_size);
    st = (stack_t){.ss_sp = stack, .ss_size = sizeof stack};
    R(SC(sigaltstack, &st, &old));
    R(SC(sigaltstack, 0, &old)), say("flags %d size %zu", old.ss_flags, old.ss_size);
    st.ss_size = 1000;
    R(SC(sigaltstack, &st, 0));
    st.ss_size = 65536, st.ss_flags = 4;
    R(SC(sigaltstack, &st, 0));
    st.ss_flags = SS_ONSTACK;
    R(SC(sigaltstack, &st, 0));
    R(SC(sigaltstack, BAD, 0));
    R(SC(sigaltstack, 0, BAD));
    on(SIGUSR1, where, 0), on(SIGUSR2, where, SA_ONSTACK), on(SIGTERM, where, SA_ONSTACK);
    say("USR1 without SA_ONSTACK, then USR2 with it");
    raise(SIGUSR1);
    say("USR1 and USR2 both with it");
    on(SIGUSR1, where, SA_ONSTACK), raise(SIGUSR1);
    // Overflow of the ordinary stack
    for (int i = 0; i < 2; i++) {
        on_info(SIGSEGV, overflow, SA_ONSTACK);
        if (!sigsetjmp(env, 1)) {
            char b[1] = {0};
            deep(b);
        }
    }
    pid_t c;
    CHILD(c) {
        on_info(SIGSEGV, overflow, 0); // there is no room for this handler
        SC(prctl, 4, 0, 0, 0, 0);
        char b[1] = {0};
        deep(b);
    }
    reap("without SA_ONSTACK", c);
    CHILD(c) { sigaltstack(0, &old), say("after fork: flags %d size %zu", old.ss_flags, old.ss_size); raise(SIGTERM); }
    reap("fork", c);
    pthread_t t;
    pthread_create(&t, 0, thread, 0), pthread_join(t, 0);
    // Auto-disarm: while the handler runs the stack is off, afterwards on again.
    st = (stack_t){.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = (int)0x80000000};
    R(SC(sigaltstack, &st, 0));
    on(SIGTERM, where, SA_ONSTACK), raise(SIGTERM);
    sigaltstack(0, &old), X((unsigned)old.ss_flags);
    st.ss_flags = SS_DISABLE, st.ss_sp = 0, st.ss_size = 0;
    R(SC(sigaltstack, &st, &old));
    R(SC(sigaltstack, 0, &old)), say("flags %d", old.ss_flags);
    raise(SIGTERM);
    // A bad alternate stack kills.
    CHILD(c) {
        st = (stack_t){.ss_sp = BAD, .ss_size = 65536};
        SC(prctl, 4, 0, 0, 0, 0);
        sigaltstack(&st, 0), on(SIGTERM, where, SA_ONSTACK), raise(SIGTERM);
        say("not reached");
    }
    reap("bad stack", c);
}
