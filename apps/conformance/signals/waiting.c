// SPDX-License-Identifier: MPL-2.0
// pause, rt_sigsuspend, rt_sigtimedwait: what ends them, timeouts, masks, values.
// Covers: pause rt_sigsuspend rt_sigtimedwait
#include "../conf.h"
static volatile int got;
static void note(int s) { got = s; }
static void test(void)
{
    sigset_t s, m;
    siginfo_t i;
    struct timespec t = {0, 0};
    unsigned long none = 0, usr1 = 1ul << (SIGUSR1 - 1), two = usr1 | 1ul << 39, kill9 = 1ul << (SIGKILL - 1);
    on(SIGUSR1, note, SA_RESTART), on(SIGUSR2, note, SA_RESTART);
    INTR(SC(pause));
    alarms_on(SA_RESTART, 0), R(SC(pause)), alarms_off(); // never restarted
    // sigsuspend: the pending signal comes in, the old mask is back afterwards.
    sigemptyset(&s), sigaddset(&s, SIGUSR1), sigprocmask(SIG_BLOCK, &s, 0);
    raise(SIGUSR1);
    V(got);
    R(SC(rt_sigsuspend, &none, 8));
    V(got == SIGUSR1);
    sigprocmask(0, 0, &m), V(sigismember(&m, SIGUSR1));
    R(SC(rt_sigsuspend, &none, 4));
    R(SC(rt_sigsuspend, BAD, 8));
    alarms_on(SA_RESTART, 0), R(SC(rt_sigsuspend, &none, 8)), alarms_off();
    // sigtimedwait
    R(SC(rt_sigtimedwait, &two, &i, &t, 8));
    raise(SIGUSR1);
    got = 0;
    memset(&i, 0, sizeof i);
    R(SC(rt_sigtimedwait, &two, &i, 0, 8));
    say("%s code %s, handler not run %d", sname(i.si_signo), cname(0, i.si_code), got == 0);
    sigaddset(&s, 40), sigprocmask(SIG_BLOCK, &s, 0);
    sigqueue(getpid(), 40, (union sigval){.sival_int = 9}), raise(SIGUSR1);
    sigqueue(getpid(), 40, (union sigval){.sival_int = 10});
    for (int k = 0; k < 4; k++) {
        memset(&i, 0, sizeof i);
        R(SC(rt_sigtimedwait, &two, &i, &t, 8)), say("  code %s value %d", cname(0, i.si_code), i.si_code == SI_QUEUE ? i.si_value.sival_int : 0);
    }
    raise(SIGUSR1), R(SC(rt_sigtimedwait, &usr1, 0, &t, 8));
    raise(SIGUSR1), R(SC(rt_sigtimedwait, &usr1, BAD, &t, 8)); // taken, then not stored
    R(SC(rt_sigtimedwait, &usr1, 0, &t, 8));
    R(SC(rt_sigtimedwait, &kill9, 0, &t, 8));
    R(SC(rt_sigtimedwait, &two, 0, &t, 16));
    R(SC(rt_sigtimedwait, BAD, 0, &t, 8));
    R(SC(rt_sigtimedwait, &two, 0, BAD, 8));
    t.tv_nsec = 1000000000;
    R(SC(rt_sigtimedwait, &two, 0, &t, 8));
    t.tv_nsec = -1;
    R(SC(rt_sigtimedwait, &two, 0, &t, 8));
    t = (struct timespec){-1, 0};
    R(SC(rt_sigtimedwait, &two, 0, &t, 8));
    t = (struct timespec){0, 30000000};
    long long a = now_ns();
    R(SC(rt_sigtimedwait, &two, 0, &t, 8));
    say("waited at least 30 ms: %d", now_ns() - a >= 30000000);
    t.tv_sec = 5;
    INTR(SC(rt_sigtimedwait, &two, 0, &t, 8));
    alarms_on(SA_RESTART, 0), R(SC(rt_sigtimedwait, &two, 0, &t, 8)), alarms_off();
    // From another process, while waiting
    pid_t c;
    CHILD(c) { await_state(getppid(), 0, 'S'); sigqueue(getppid(), 40, (union sigval){.sival_int = 3}); }
    R(SC(rt_sigtimedwait, &two, &i, 0, 8)), say("value %d from the child %d", i.si_value.sival_int, i.si_pid == c);
    waitpid(c, 0, 0);
    // A signal that is not blocked, but waited for, goes to the waiter.
    got = 0, sigemptyset(&s), sigprocmask(SIG_SETMASK, &s, 0);
    CHILD(c) { await_state(getppid(), 0, 'S'); kill(getppid(), SIGUSR1); }
    R(SC(rt_sigtimedwait, &two, &i, 0, 8)), say("handler not run %d", got == 0);
    waitpid(c, 0, 0);
}
