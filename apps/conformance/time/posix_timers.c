// SPDX-License-Identifier: MPL-2.0
// timer_create, settime, gettime, getoverrun, delete: signals and values, threads, overruns, errors in order.
// Covers: timer_create timer_settime timer_gettime timer_getoverrun timer_delete
#include "../conf.h"
#include <pthread.h>
struct ksigevent { union sigval value; int signo, notify, tid, pad[11]; };
static volatile int count, value, code, overrun, tid_ok, timer_id;
static pid_t want;
static void info(int s, siginfo_t *i, void *u)
{
    (void)s, (void)u;
    count++, value = i->si_value.sival_int, code = i->si_code, overrun = i->si_overrun, tid_ok = gettid() == want, timer_id = i->si_timerid;
}
static int settime(int t, int flags, long ns, long interval)
{
    struct itimerspec s = {{interval / 1000000000, interval % 1000000000}, {ns / 1000000000, ns % 1000000000}};
    return SC(timer_settime, t, flags, &s, 0);
}
static void wait_count(int n)
{
    for (int i = 0; i < 10000 && count < n; i++)
        nap(1);
}
static void *thread(void *a)
{
    want = gettid();
    gate_open(*(struct gate *)a);
    for (;;)
        pause();
    return 0;
}
static void test(void)
{
    int t = -1, u = -1;
    struct ksigevent e = {.value = {.sival_int = 99}, .signo = SIGUSR1, .notify = SIGEV_SIGNAL};
    struct itimerspec s;
    on_info(SIGUSR1, info, SA_RESTART), on_info(SIGALRM, info, SA_RESTART);
    want = gettid();
    R(SC(timer_create, CLOCK_MONOTONIC, &e, &t)), R(SC(timer_gettime, t, &s)), say("disarmed %d", !s.it_value.tv_sec && !s.it_value.tv_nsec);
    R(settime(t, 0, 10000000, 0)), wait_count(1);
    say("count %d value %d %s overrun %d id right %d", count, value, cname(SIGUSR1, code), overrun, timer_id == t);
    R(SC(timer_gettime, t, &s)), say("used up %d", !s.it_value.tv_sec && !s.it_value.tv_nsec);
    count = 0, R(settime(t, 0, 2000000, 2000000)), wait_count(5), say("periodic %d", count >= 5);
    R(SC(timer_gettime, t, &s)), say("interval %ld", s.it_interval.tv_nsec);
    R(settime(t, 0, 0, 0)), nap(10), count = 0, nap(20), V(count);
    // Overruns: blocked for long
    sigset_t b;
    sigemptyset(&b), sigaddset(&b, SIGUSR1), sigprocmask(SIG_BLOCK, &b, 0);
    settime(t, 0, 2000000, 2000000), nap(100), count = 0, sigprocmask(SIG_UNBLOCK, &b, 0), settime(t, 0, 0, 0);
    say("one signal or two %d, overruns many %d, getoverrun agrees %d", count <= 2, overrun > 10 || count == 2, SC(timer_getoverrun, t) >= 0);
    // Absolute, in the past
    count = 0, clock_gettime(CLOCK_MONOTONIC, &s.it_value), s.it_interval = (struct timespec){0, 0}, s.it_value.tv_nsec = 1, s.it_value.tv_sec = 0;
    R(SC(timer_settime, t, TIMER_ABSTIME, &s, 0)), wait_count(1), V(count);
    struct itimerspec o;
    settime(t, 0, 50000000000, 0), s.it_value = (struct timespec){0, 0};
    R(SC(timer_settime, t, 0, &s, &o)), say("old %d", o.it_value.tv_sec >= 40 && o.it_value.tv_sec < 50);
    // No event given: SIGALRM with the timer's id
    count = 0, R(SC(timer_create, CLOCK_REALTIME, 0, &u)), settime(u, 0, 1000000, 0), wait_count(1);
    say("count %d value is the id %d", count, value == u);
    R(SC(timer_delete, u)), R(SC(timer_delete, u)), R(SC(timer_gettime, u, &s)), R(SC(timer_getoverrun, u)), R(settime(u, 0, 1, 0));
    // No signal at all
    e.notify = SIGEV_NONE, R(SC(timer_create, CLOCK_MONOTONIC, &e, &u)), settime(u, 0, 1000000, 0), nap(10);
    R(SC(timer_gettime, u, &s)), say("used up %d", !s.it_value.tv_sec && !s.it_value.tv_nsec);
    // To a thread
    pthread_t th;
    struct gate g = gate_make();
    pthread_create(&th, 0, thread, &g), gate_wait(g);
    e.notify = 4, e.tid = want, count = 0, tid_ok = 0, R(SC(timer_create, CLOCK_MONOTONIC, &e, &u)), settime(u, 0, 1000000, 0), wait_count(1), V(tid_ok);
    e.tid = 1 << 22, R(SC(timer_create, CLOCK_MONOTONIC, &e, &u));
    e.notify = 9, R(SC(timer_create, CLOCK_MONOTONIC, &e, &u));
    e.notify = SIGEV_SIGNAL, e.signo = 65, R(SC(timer_create, CLOCK_MONOTONIC, &e, &u)), e.signo = 0, R(SC(timer_create, CLOCK_MONOTONIC, &e, &u));
    e.signo = SIGUSR1, R(SC(timer_create, 99, &e, &u)), R(SC(timer_create, CLOCK_MONOTONIC, BAD, &u)), R(SC(timer_create, CLOCK_MONOTONIC, &e, BAD));
    R(SC(timer_settime, t, 0, BAD, 0)), R(SC(timer_settime, t, 0, 0, 0)), s.it_value.tv_nsec = 1000000000, R(SC(timer_settime, t, 0, &s, 0));
    R(SC(timer_gettime, t, BAD)), R(SC(timer_gettime, 12345, &s));
    // CPU time; not inherited by fork
    e.signo = SIGUSR1, count = 0, R(SC(timer_create, CLOCK_PROCESS_CPUTIME_ID, &e, &u)), settime(u, 0, 20000000, 0);
    volatile double d = 0;
    while (!count)
        d += 1;
    V(count);
    pid_t c;
    CHILD(c) { R(SC(timer_gettime, t, &s)); }
    waitpid(c, 0, 0);
}
