// SPDX-License-Identifier: MPL-2.0
// Setting the time of day: all clocks and calls that tell it follow, those that only count do not; sleepers for a length of
// time do not either.
// Covers: clock_settime settimeofday
#include "../conf.h"
static long long at(int clock)
{
    struct timespec t;
    SC(clock_gettime, clock, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}
static const long long hour = 3600000000000ll;
static long long start, start_mono;
// How far the time of day is from where it would be, in half hours.
static void show(const char *what)
{
    long long went = at(CLOCK_MONOTONIC) - start_mono, now = at(CLOCK_REALTIME), quarter = hour / 4;
    struct timeval tv;
    struct stat st;
    SC(gettimeofday, &tv, 0);
    long long s = SC(time, 0) * 1000000000ll;
    close(open("f", O_CREAT | O_TRUNC | O_WRONLY, 0644)), put_file("f", "x", 0644), stat("f", &st);
    say("%s: clock %lld, gettimeofday %lld, time %lld, coarse %lld, files %lld, monotonic goes on %d", what,
        (now - start - went + quarter) / (hour / 2), (tv.tv_sec * 1000000000ll - start - went + quarter) / (hour / 2),
        (s - start - went + quarter) / (hour / 2), (at(CLOCK_REALTIME_COARSE) - start - went + quarter) / (hour / 2),
        (st.st_mtime * 1000000000ll - start - went + quarter) / (hour / 2), went >= 0 && went < hour / 4);
}
static void set(const char *what, long long ns)
{
    struct timespec t = {ns / 1000000000, ns % 1000000000};
    RT(what, SC(clock_settime, CLOCK_REALTIME, &t));
}
static void test(void)
{
    start = at(CLOCK_REALTIME), start_mono = at(CLOCK_MONOTONIC);
    show("at first");
    set("an hour later", start + hour), show("later");
    set("an hour earlier", start - hour), show("earlier");
    long long to = (start + 2 * hour) / 1000;
    struct timeval tv = {to / 1000000, to % 1000000}, wrong = {to / 1000000, 1000000}, before = {-1, 0};
    R(SC(settimeofday, &tv, 0)), show("two hours later");
    R(SC(settimeofday, &wrong, 0)), R(SC(settimeofday, &before, 0)), R(SC(settimeofday, 0, 0));
    clockid_t theirs = (int)(~(unsigned)getppid() << 3 | 2);
    struct timespec low = {1, 0}, t = {0, 1000000000};
    R(SC(clock_settime, CLOCK_REALTIME, &t)), t = (struct timespec){-1, 0}, R(SC(clock_settime, CLOCK_REALTIME, &t));
    R(SC(clock_settime, CLOCK_REALTIME, &low)); // before the machine was started
    R(SC(clock_settime, CLOCK_BOOTTIME, &low)), R(SC(clock_settime, CLOCK_REALTIME_COARSE, &low)), R(SC(clock_settime, CLOCK_PROCESS_CPUTIME_ID, &low)), R(SC(clock_settime, CLOCK_THREAD_CPUTIME_ID, &low)),
        R(SC(clock_settime, theirs, &low));
    show("still");
    // Somebody who sleeps for a length of time
    pid_t c;
    CHILD(c) { long long a = at(CLOCK_MONOTONIC); struct timespec d = {0, 200000000}; SC(clock_nanosleep, CLOCK_REALTIME, 0, &d, 0);
        a = at(CLOCK_MONOTONIC) - a, say("slept %d", a >= 200000000 && a < 5000000000); }
    await_state(c, 0, 'S');
    set("set again", start + at(CLOCK_MONOTONIC) - start_mono), show("back");
    reap("sleeper", c);
}
