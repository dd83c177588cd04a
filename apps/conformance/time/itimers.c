// SPDX-License-Identifier: MPL-2.0
// alarm, getitimer, setitimer: the three timers, what is left, intervals, fork and exec, errors in order.
// Covers: alarm getitimer setitimer
#include "../conf.h"
static volatile int n[65];
static void note(int s) { n[s]++; }
static void spin_until(int sig, int times)
{
    volatile double d = 0;
    long long end = now_ns() + 20000000000ll;
    while (n[sig] < times && now_ns() < end)
        d += 1;
    say("%s came %d", sname(sig), n[sig] >= times);
}
static void test(void)
{
    struct itimerval t, o;
    on(SIGALRM, note, SA_RESTART), on(SIGVTALRM, note, SA_RESTART), on(SIGPROF, note, SA_RESTART);
    R(SC(alarm, 0)), R(SC(alarm, 100)), R(SC(alarm, 50)), R(SC(getitimer, ITIMER_REAL, &t)), say("left %d", t.it_value.tv_sec >= 45 && t.it_value.tv_sec <= 50);
    pid_t c;
    CHILD(c) { R(SC(alarm, 0)); }
    waitpid(c, 0, 0);
    R(SC(alarm, 0) >= 45);
    t = (struct itimerval){{0, 0}, {0, 20000}};
    R(SC(setitimer, ITIMER_REAL, &t, &o)), say("old %ld", (long)o.it_value.tv_sec);
    while (!n[SIGALRM])
        nap(1);
    V(n[SIGALRM]);
    R(SC(getitimer, ITIMER_REAL, &o)), say("used up %d", !o.it_value.tv_sec && !o.it_value.tv_usec);
    t.it_interval.tv_usec = 5000, SC(setitimer, ITIMER_REAL, &t, 0);
    while (n[SIGALRM] < 6)
        pause();
    SC(getitimer, ITIMER_REAL, &o), say("interval %ld, running %d", (long)o.it_interval.tv_usec, o.it_value.tv_usec <= 5000);
    R(SC(setitimer, ITIMER_REAL, 0, &o)), say("null disarms, old interval %ld", (long)o.it_interval.tv_usec);
    R(SC(getitimer, ITIMER_REAL, &o)), say("%ld %ld", (long)o.it_value.tv_usec, (long)o.it_interval.tv_usec);
    t = (struct itimerval){{0, 0}, {0, 1000000}}, R(SC(setitimer, ITIMER_REAL, &t, 0));
    t = (struct itimerval){{0, 0}, {-1, 0}}, R(SC(setitimer, ITIMER_REAL, &t, 0));
    t = (struct itimerval){{0, -1}, {0, 0}}, R(SC(setitimer, ITIMER_REAL, &t, 0));
    t = (struct itimerval){{0, 0}, {0, 0}};
    R(SC(setitimer, 3, &t, 0)), R(SC(setitimer, -1, &t, 0)), R(SC(setitimer, 3, BAD, 0)), R(SC(setitimer, 0, BAD, 0)), R(SC(setitimer, 0, &t, BAD));
    R(SC(getitimer, 3, &o)), R(SC(getitimer, 0, BAD)), R(SC(getitimer, 3, BAD));
    // Virtual and profiling time run while computing.
    t = (struct itimerval){{0, 10000}, {0, 10000}};
    R(SC(setitimer, ITIMER_VIRTUAL, &t, 0)), spin_until(SIGVTALRM, 2), SC(setitimer, ITIMER_VIRTUAL, 0, 0);
    R(SC(setitimer, ITIMER_PROF, &t, 0)), spin_until(SIGPROF, 2), SC(setitimer, ITIMER_PROF, 0, 0);
    n[SIGVTALRM] = 0, t = (struct itimerval){{0, 0}, {0, 200000}}, SC(setitimer, ITIMER_VIRTUAL, &t, 0), nap(250);
    say("not while sleeping %d", n[SIGVTALRM] == 0);
    SC(getitimer, ITIMER_VIRTUAL, &o), say("nearly all left %d", o.it_value.tv_usec > 100000);
    // All three at once; a fork has none of them, an exec keeps them.
    t = (struct itimerval){{0, 0}, {30, 0}};
    for (int i = 0; i < 3; i++)
        SC(setitimer, i, &t, 0);
    CHILD(c) { for (int i = 0; i < 3; i++) SC(getitimer, i, &o), say("child's timer %d: %ld", i, (long)(o.it_value.tv_sec + o.it_value.tv_usec)); }
    waitpid(c, 0, 0);
    for (int i = 0; i < 3; i++)
        SC(getitimer, i, &o), say("timer %d running %d", i, o.it_value.tv_sec >= 25);
    // The default action of SIGALRM
    CHILD(c) { signal(SIGALRM, SIG_DFL); t = (struct itimerval){{0, 0}, {0, 1000}}; SC(setitimer, 0, &t, 0); while (pause()) {} }
    reap("alarm", c);
}
