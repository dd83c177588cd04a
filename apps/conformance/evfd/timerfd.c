// SPDX-License-Identifier: MPL-2.0
// timerfd: relative and absolute, intervals, counts, disarming, poll, what is left, errors in order.
// Covers: timerfd_create timerfd_settime timerfd_gettime
#include "../conf.h"
#include <poll.h>
#include <sys/timerfd.h>
static long rd(int f)
{
    uint64_t v = 12345;
    long r = read(f, &v, 8);
    return r == 8 ? (long)v : -1;
}
static int settime(int fd, int flags, long ns, long interval)
{
    struct itimerspec t = {{interval / 1000000000, interval % 1000000000}, {ns / 1000000000, ns % 1000000000}};
    return SC(timerfd_settime, fd, flags, &t, 0);
}
static void test(void)
{
    struct itimerspec t, o;
    int fd = SC(timerfd_create, CLOCK_MONOTONIC, 0);
    OK(fd);
    R(SC(timerfd_create, 99, 0)), R(SC(timerfd_create, CLOCK_PROCESS_CPUTIME_ID, 0)), R(SC(timerfd_create, CLOCK_MONOTONIC, 1));
    OK(SC(timerfd_create, CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC)), OK(SC(timerfd_create, CLOCK_BOOTTIME, 0));
    R(SC(timerfd_gettime, fd, &t)), say("disarmed %d", !t.it_value.tv_sec && !t.it_value.tv_nsec);
    long long a = now_ns();
    R(settime(fd, 0, 30000000, 0)), R(rd(fd)), say("not early %d", now_ns() - a >= 30000000);
    struct pollfd p = {fd, POLLIN | POLLOUT, 0};
    R(poll(&p, 1, 20));
    settime(fd, 0, 10000000, 0), R(poll(&p, 1, 1000)), X(p.revents), R(rd(fd));
    // Intervals
    settime(fd, 0, 10000000, 10000000), nap(105);
    long n = rd(fd);
    say("about ten times %d", n >= 9);
    R(rd(fd) >= 1);
    R(SC(timerfd_gettime, fd, &t)), say("interval %ld, left in range %d", t.it_interval.tv_nsec, t.it_value.tv_nsec > 0 && t.it_value.tv_nsec <= 10000000);
    t = (struct itimerspec){{0, 0}, {0, 0}};
    R(SC(timerfd_settime, fd, 0, &t, &o)), say("old interval %ld", o.it_interval.tv_nsec);
    fcntl(fd, F_SETFL, O_NONBLOCK), R(rd(fd));
    // Absolute: the past fires at once; an interval counts from there.
    clock_gettime(CLOCK_MONOTONIC, &t.it_value), t.it_value.tv_sec -= 1;
    if (t.it_value.tv_sec < 0)
        t.it_value.tv_sec = 0;
    t.it_interval = (struct timespec){0, 0};
    R(SC(timerfd_settime, fd, TFD_TIMER_ABSTIME, &t, 0)), poll(&p, 1, 1000), R(rd(fd));
    // Setting it again clears what has fired.
    settime(fd, 0, 1000000, 0), nap(20), settime(fd, 0, 100000000000, 0), R(rd(fd));
    R(SC(timerfd_gettime, fd, &t)), say("left %d", t.it_value.tv_sec >= 90 && t.it_value.tv_sec < 100);
    R(settime(fd, 4, 1, 0));
    t.it_value.tv_nsec = 1000000000, R(SC(timerfd_settime, fd, 0, &t, 0));
    t.it_value.tv_nsec = -1, R(SC(timerfd_settime, fd, 0, &t, 0));
    t.it_value = (struct timespec){-1, 0}, R(SC(timerfd_settime, fd, 0, &t, 0));
    R(SC(timerfd_settime, fd, 0, BAD, 0)), R(SC(timerfd_settime, 99, 0, &o, 0)), R(SC(timerfd_settime, 99, 0, BAD, 0));
    R(SC(timerfd_settime, 0, 0, &o, 0) == -1);
    int f = open("f", O_RDWR | O_CREAT, 0644);
    R(SC(timerfd_settime, f, 0, &o, 0)), R(SC(timerfd_gettime, f, &t)), R(SC(timerfd_gettime, 99, &t)), R(SC(timerfd_gettime, fd, BAD));
    uint64_t v;
    R(read(fd, &v, 4)), R(write(fd, &v, 8)), R(lseek(fd, 0, SEEK_SET));
    fcntl(fd, F_SETFL, 0);
    INTR(read(fd, &v, 8));
    settime(fd, 0, 100000000, 0);
    RESTART(0, read(fd, &v, 8)), V(v);
    // Shared over fork: one expiry for one reader
    settime(fd, 0, 20000000, 0);
    pid_t c;
    CHILD(c) { nap(50); fcntl(fd, F_SETFL, O_NONBLOCK); R(rd(fd)); }
    reap("child", c);
    R(rd(fd));
}
