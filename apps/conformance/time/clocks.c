// SPDX-License-Identifier: MPL-2.0
// clock_gettime, clock_getres, gettimeofday, time, times: they agree, never go back, and their errors.
// Covers: clock_gettime clock_getres clock_settime gettimeofday settimeofday time times
#include "../conf.h"
#include <sys/times.h>
static long long ns(struct timespec t) { return t.tv_sec * 1000000000ll + t.tv_nsec; }
static void user(void)
{
    struct timespec t;
    struct timeval tv;
    SC(clock_gettime, CLOCK_REALTIME, &t), gettimeofday(&tv, 0);
    R(SC(clock_settime, CLOCK_REALTIME, &t)), R(SC(settimeofday, &tv, 0));
    R(SC(clock_settime, CLOCK_MONOTONIC, &t)), R(SC(clock_settime, 99, &t)), R(SC(clock_settime, CLOCK_REALTIME, BAD));
    t.tv_nsec = -1, R(SC(clock_settime, CLOCK_REALTIME, &t));
}
static void test(void)
{
    static const struct { int id; const char *name; } clocks[] = {{0, "REALTIME"}, {1, "MONOTONIC"}, {2, "PROCESS_CPUTIME_ID"},
        {3, "THREAD_CPUTIME_ID"}, {4, "MONOTONIC_RAW"}, {5, "REALTIME_COARSE"}, {6, "MONOTONIC_COARSE"}, {7, "BOOTTIME"}};
    struct timespec a, b, t, r;
    for (size_t i = 0; i < ARRAY(clocks); i++) {
        int back = 0, range = 1;
        long rc = SC(clock_gettime, clocks[i].id, &a), rr = SC(clock_getres, clocks[i].id, &r);
        for (int k = 0; k < 10000; k++) {
            SC(clock_gettime, clocks[i].id, &b);
            back += ns(b) < ns(a), range &= b.tv_nsec >= 0 && b.tv_nsec < 1000000000;
            a = b;
        }
        say("%s: %ld %ld, went back %d, in range %d, resolution %s", clocks[i].name, rc, rr, back, range,
            r.tv_sec == 0 && r.tv_nsec == 1 ? "1 ns" : r.tv_sec == 0 && r.tv_nsec <= 10000000 ? "a tick" : "?");
    }
    for (int i = 0; i < 8; i++) // through the C library (and its vDSO) the same
        clock_gettime(i, &a), SC(clock_gettime, i, &b), say("%s: vDSO not behind %d", clocks[i].name, ns(b) >= ns(a) - 10000000);
    R(SC(clock_gettime, 99, &t)), R(SC(clock_gettime, -1, &t) == -1), R(SC(clock_gettime, 0, BAD)), R(SC(clock_gettime, 99, BAD));
    R(SC(clock_getres, 99, &t)), R(SC(clock_getres, 1, 0)), R(SC(clock_getres, 1, BAD));
    struct timeval tv;
    R(SC(gettimeofday, &tv, 0));
    SC(clock_gettime, 0, &t);
    say("agree %d", llabs(t.tv_sec * 1000000ll + t.tv_nsec / 1000 - tv.tv_sec * 1000000ll - tv.tv_usec) < 2000000);
    long s = SC(time, 0), s2;
    R(SC(time, &s2) - s <= 2), say("stored %d, agrees %d", s2 >= s, llabs(s - tv.tv_sec) <= 2);
    R(SC(gettimeofday, 0, 0)), R(SC(gettimeofday, BAD, 0)), R(SC(time, BAD));
    SC(clock_gettime, CLOCK_MONOTONIC, &a), SC(clock_gettime, CLOCK_BOOTTIME, &b);
    say("boot time is not less than monotonic %d", ns(b) >= ns(a));
    // CPU time moves while computing, not while sleeping.
    SC(clock_gettime, 2, &a);
    volatile double d = 0;
    do {
        for (int i = 0; i < 100000; i++)
            d += i;
        SC(clock_gettime, 2, &b);
    } while (ns(b) - ns(a) < 30000000);
    say("computed");
    SC(clock_gettime, 2, &a), nap(100), SC(clock_gettime, 2, &b);
    say("sleeping costs less than 50 ms %d", ns(b) - ns(a) < 50000000);
    struct tms m;
    long ticks = SC(times, &m);
    say("times %d, user or system time there %d, of children %ld", ticks > 0, m.tms_utime + m.tms_stime > 0, (long)(m.tms_cutime + m.tms_cstime));
    pid_t c;
    CHILD(c) { do SC(clock_gettime, 2, &b); while (ns(b) < 50000000); }
    waitpid(c, 0, 0);
    SC(times, &m), say("of children %d", m.tms_cutime + m.tms_cstime >= 3);
    R(SC(times, BAD)), R(SC(times, 0) >= ticks);
    clockid_t id;
    R(clock_getcpuclockid(getpid(), &id)), R(SC(clock_gettime, id, &t));
    as_user(1000, user);
}
