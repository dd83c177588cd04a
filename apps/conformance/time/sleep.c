// SPDX-License-Identifier: MPL-2.0
// nanosleep and clock_nanosleep: lengths, what is left after a signal, absolute times, errors in order.
// Covers: nanosleep clock_nanosleep restart_syscall
#include "../conf.h"
static long long slept(int clock, int flags, struct timespec t)
{
    long long a = now_ns();
    SC(clock_nanosleep, clock, flags, &t, 0);
    return now_ns() - a;
}
static void test(void)
{
    struct timespec t = {0, 20000000}, rem = {7, 7}, bad = {0, 1000000000}, neg = {-1, 0};
    long long a = now_ns();
    R(SC(nanosleep, &t, &rem)), say("long enough %d, rest untouched %d", now_ns() - a >= 20000000, rem.tv_sec == 7);
    R(SC(nanosleep, &bad, &rem)), R(SC(nanosleep, &neg, &rem)), R(SC(nanosleep, BAD, &rem)), R(SC(nanosleep, &t, BAD));
    t = (struct timespec){0, 0}, R(SC(nanosleep, &t, 0));
    t = (struct timespec){10, 0};
    INTR(SC(nanosleep, &t, &rem)), say("rest %d", rem.tv_sec >= 8 && rem.tv_sec < 10);
    INTR(SC(nanosleep, &t, BAD));
    INTR(SC(nanosleep, &t, &t)), say("in place %d", t.tv_sec >= 8 && t.tv_sec < 10);
    int ids[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME};
    for (int i = 0; i < 3; i++) {
        t = (struct timespec){0, 15000000};
        say("clock %d: relative %d", ids[i], slept(ids[i], 0, t) >= 14900000);
        clock_gettime(ids[i], &t);
        t.tv_nsec += 15000000, t.tv_sec += t.tv_nsec / 1000000000, t.tv_nsec %= 1000000000;
        SC(clock_nanosleep, ids[i], TIMER_ABSTIME, &t, 0);
        clock_gettime(ids[i], &rem);
        say("clock %d: absolute %d", ids[i], rem.tv_sec > t.tv_sec || (rem.tv_sec == t.tv_sec && rem.tv_nsec >= t.tv_nsec));
    }
    t = (struct timespec){1, 0};
    say("the past returns at once %d", slept(CLOCK_REALTIME, TIMER_ABSTIME, t) < 1000000000);
    R(SC(clock_nanosleep, 99, 0, &t, 0)), R(SC(clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &t, 0)), R(SC(clock_nanosleep, 99, 0, BAD, 0));
    R(SC(clock_nanosleep, CLOCK_MONOTONIC, 0, &bad, 0)), R(SC(clock_nanosleep, CLOCK_MONOTONIC, 0, BAD, 0));
    R(SC(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &neg, 0)), R(SC(clock_nanosleep, CLOCK_MONOTONIC_COARSE, 0, &t, 0));
    R(SC(clock_nanosleep, CLOCK_MONOTONIC_RAW, 0, &t, 0));
    clock_gettime(CLOCK_MONOTONIC, &t), t.tv_sec += 10, rem.tv_sec = 77;
    INTR(SC(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &t, &rem)), say("rest untouched %d", rem.tv_sec == 77);
    // Many sleepers wake in the order of their times.
    struct gate g = gate_make();
    pid_t c;
    clock_gettime(CLOCK_MONOTONIC, &t);
    static const int order[] = {5, 2, 4, 1, 3};
    for (int i = 0; i < 5; i++)
        CHILD(c) {
            t.tv_nsec += 300000000 + order[i] * 150000000ll, t.tv_sec += t.tv_nsec / 1000000000, t.tv_nsec %= 1000000000;
            SC(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0);
            char ch = '0' + order[i];
            write(g.fd[1], &ch, 1);
        }
    while (wait(0) > 0) {}
    char b[6] = "";
    read(g.fd[0], b, 5), S(b);
    // A stop in between: the rest of the time is slept after it.
    pid_t p;
    CHILD(p) { t = (struct timespec){0, 300000000}, a = now_ns(), R(SC(nanosleep, &t, 0)), say("slept on %d", now_ns() - a >= 300000000); }
    await_state(p, 0, 'S'), kill(p, SIGSTOP), waitpid(p, 0, WUNTRACED), kill(p, SIGCONT), reap("sleeper", p);
    R(SC(restart_syscall)); // nothing to go on with
}
