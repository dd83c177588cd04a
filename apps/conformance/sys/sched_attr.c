// SPDX-License-Identifier: MPL-2.0
// sched_setattr and sched_getattr: sizes, flags, policies, what stays, rights, errors in order; nice values of threads.
// Covers: sched_setattr sched_getattr getpriority setpriority
#include "../conf.h"
#include <pthread.h>
#include <sys/resource.h>
struct attr { unsigned size, policy; unsigned long flags; int nice; unsigned prio; unsigned long runtime, deadline, period; unsigned min, max; };
static pid_t target;
static struct attr a, g;
static long set(unsigned policy, unsigned long flags, int nice, unsigned prio)
{
    a = (struct attr){56, policy, flags, nice, prio, 0, 0, 0, 0, 0};
    return SC(sched_setattr, target, &a, 0);
}
static void show(const char *what)
{
    memset(&g, 0x55, sizeof g);
    if (SC(sched_getattr, target, &g, 56, 0)) { say("%s: %s", what, ename(errno)); return; }
    say("%s: size %u policy %u flags %lu nice %d prio %u deadline %lu period %lu clamp %u %u", what, g.size, g.policy, g.flags, g.nice, g.prio, g.deadline, g.period, g.min, g.max);
}
static void deadline(const char *who)
{
    static const unsigned long v[][3] = {{0, 0, 0}, {1023, 1000000, 1000000}, {1000000, 0, 1000000}, {1000001, 1000000, 1000000}, {1000, 1000001, 1000000}, {2000, 99999, 99999}, {2000, 5000000000, 5000000000},
        {1ul << 63, 1ul << 63, 1ul << 63}, {1024, 100000, 1ul << 63}};
    for (unsigned i = 0; i < sizeof v / sizeof *v; i++) {
        a = (struct attr){48, 6, 0, 0, 0, v[i][0], v[i][1], v[i][2], 0, 0};
        say("%s, deadline %u: %s", who, i, SC(sched_setattr, target, &a, 0) ? ename(errno) : "ok");
    }
    a = (struct attr){48, 6, 0, 0, 1, 10000000, 20000000, 20000000, 0, 0}, R(SC(sched_setattr, target, &a, 0));
    a.prio = 0, a.flags = 0x80, R(SC(sched_setattr, target, &a, 0)), a.flags = 0x60, a.size = 56, R(SC(sched_setattr, target, &a, 0));
    // Only where it may run everywhere
    unsigned long one = 1, all = -1;
    a.flags = 0, SC(sched_setaffinity, target, 8, &one), R(SC(sched_setattr, target, &a, 0)), SC(sched_setaffinity, target, 8, &all);
    R(SC(sched_get_priority_min, 6)), R(SC(sched_get_priority_max, 6)), R(SC(sched_setscheduler, target, 6, &((struct sched_param){0})));
}
static void user(void)
{
    target = 0;
    deadline("user");
    R(set(0, 0, 0, 0)), R(set(0, 0, 5, 0)), show("nicer"), R(set(0, 0, 4, 0)), R(set(3, 0, 5, 0)), R(set(1, 0, 0, 1)), R(set(2, 0, 0, 1));
    R(set(5, 0, 0, 0)), show("idle"), R(set(0, 0, 5, 0)), R(set(3, 0, 19, 0)), R(set(5, 1, 0, 0)), R(set(5, 0, 0, 0)), R(set(5, 1, 0, 0));
    R(SC(sched_setattr, getppid(), &a, 0)), R(SC(sched_getattr, getppid(), &g, 56, 0));
}
static void limited(void)
{
    target = 0;
    R(set(1, 0, 0, 6)), R(set(1, 0, 0, 5)), R(set(1, 0, 0, 3)), R(set(2, 0, 0, 5)), R(set(2, 0, 0, 6)), R(set(0, 0, -3, 0)), R(set(0, 0, -2, 0)), R(set(5, 0, 0, 0)), R(set(0, 0, -2, 0)), show("within the limits");
    struct rlimit none = {0, 0};
    R(set(1, 0, 0, 4)), setrlimit(RLIMIT_RTPRIO, &none), R(set(1, 0, 0, 4)), R(set(1, 0, 0, 2)), R(set(1, 0, 0, 3)), R(set(2, 0, 0, 2)), show("without");
}
static void *thread(void *p)
{
    V(getpriority(PRIO_PROCESS, 0)), R(setpriority(PRIO_PROCESS, 0, 9)), V(getpriority(PRIO_PROCESS, 0)), V(getpriority(PRIO_PROCESS, getpid()));
    R(SC(sched_setattr, 0, &((struct attr){.size = 48, .nice = 11}), 0)), V(getpriority(PRIO_PROCESS, 0)), V(getpriority(PRIO_PROCESS, getpid())), V(getpriority(PRIO_PGRP, 0));
    R(setpriority(PRIO_PGRP, 0, 2)), V(getpriority(PRIO_PROCESS, 0)), V(getpriority(PRIO_PROCESS, getpid()));
    return p;
}
static void test(void)
{
    pid_t c;
    CHILD(c) { while (pause()) {} }
    target = c, show("at first");
    R(set(0, 0, 7, 0)), show("nice 7"), R(set(3, 0, -7, 0)), show("batch"), R(set(5, 0, 3, 0)), show("idle"), R(set(0, 0, 100, 0)), show("clamped"), R(set(0, 0, -100, 0)), show("clamped below");
    R(set(1, 0, 3, 50)), show("fifo"), R(set(2, 1, 3, 99)), show("round robin, reset"), R(set(0, 0x10, 4, 0)), show("parameters kept"), R(set(77, 0x8, 4, 10)), show("policy kept"), R(set(0, 0x8, 4, 0)), R(set(77, 0x18, 4, 0)), show("both");
    R(set(0, 0, 0, 1)), R(set(3, 0, 0, 1)), R(set(5, 0, 0, 1)), R(set(1, 0, 0, 0)), R(set(1, 0, 0, 100)), R(set(2, 0, 0, -1)), R(set(4, 0, 0, 0)), R(set(8, 0, 0, 0)), R(set(-1, 0, 0, 0)), R(set(0x80000000, 0x8, 0, 0)), R(set(6, 0, 0, 0));
    for (int i = 0; i < 12; i++)
        say("flag %d: %s", i, set(0, 1ul << i, 1, 0) ? ename(errno) : "ok");
    R(set(0, 1ul << 28, 1, 0)), R(set(0, 1ul << 63, 1, 0)), R(set(0, 0, 0, 0));
    a.size = 47, R(SC(sched_setattr, c, &a, 0)), V(a.size), a.size = 4097, R(SC(sched_setattr, c, &a, 0)), V(a.size), a.size = 0, R(SC(sched_setattr, c, &a, 0)), a.size = 48, R(SC(sched_setattr, c, &a, 0)), a.flags = 0x20, R(SC(sched_setattr, c, &a, 0));
    struct { struct attr a; char more[64]; } big = {.a = {.size = 100}};
    R(SC(sched_setattr, c, &big, 0)), big.more[40] = 1, R(SC(sched_setattr, c, &big, 0)), V(big.a.size), R(SC(sched_setattr, c, &a, 1)), R(SC(sched_setattr, -1, &a, 0)), R(SC(sched_setattr, 0, 0, 0)), R(SC(sched_setattr, c, BAD, 0));
    a = (struct attr){56, 0, 0, 0, 0, 0, 0, 0, 0, 0}, R(SC(sched_setattr, 1 << 22, &a, 0)), a.policy = 99, R(SC(sched_setattr, 1 << 22, &a, 0)), a.policy = -5, R(SC(sched_setattr, 1 << 22, &a, 0));
    R(SC(sched_getattr, c, &g, 47, 0)), R(SC(sched_getattr, c, &g, 4097, 0)), R(SC(sched_getattr, c, &g, 56, 1)), R(SC(sched_getattr, -1, &g, 56, 0)), R(SC(sched_getattr, 1 << 22, &g, 56, 0)), R(SC(sched_getattr, c, 0, 56, 0)), R(SC(sched_getattr, c, BAD, 56, 0));
    memset(&big, 0x55, sizeof big), R(SC(sched_getattr, c, &big, 100, 0)), V(big.a.size), V(big.more[0]), memset(&g, 0x55, sizeof g), R(SC(sched_getattr, c, &g, 48, 0)), V(g.size), X(g.min);
    deadline("root");
    // Slices of its own
    for (int i = 0; i < 5; i++) {
        a = (struct attr){56, 0, 0, 0, 0, (unsigned long[]){1, 100000, 7000000, 100000000, 1ul << 40}[i], 0, 0, 0, 0};
        R(SC(sched_setattr, c, &a, 0)), SC(sched_getattr, c, &g, 56, 0), V(g.runtime);
    }
    R(SC(sched_setscheduler, c, SCHED_BATCH, &((struct sched_param){0}))), SC(sched_getattr, c, &g, 56, 0), V(g.runtime);
    R(set(0, 0, 0, 0)), SC(sched_getattr, c, &g, 56, 0), say("the usual slice again: %d", g.runtime > 100000 && g.runtime < 10000000);
    R(SC(sched_setscheduler, c, 5, &((struct sched_param){0}))), R(set(0, 0, 0, 0));
    as_user(1000, user);
    pid_t d;
    CHILD(d) {
        struct rlimit rt = {5, 5}, ni = {22, 22};
        setrlimit(RLIMIT_RTPRIO, &rt), setrlimit(RLIMIT_NICE, &ni), as_user(1000, limited);
    }
    reap("limits", d);
    kill(c, SIGKILL), reap("target", c);
    pthread_t t;
    pthread_create(&t, 0, thread, 0), pthread_join(t, 0), V(getpriority(PRIO_PROCESS, 0));
}
