// SPDX-License-Identifier: MPL-2.0
// Priorities of input and output: classes and levels, of processes, groups and users, inheritance, rights.
// Covers: ioprio_set ioprio_get
#include "../conf.h"
#include <pthread.h>
#define P(class, data) ((class) << 13 | (data))
static pid_t target;
static void user(void)
{
    R(SC(ioprio_set, 1, 0, P(1, 0))), R(SC(ioprio_set, 1, 0, P(2, 0))), R(SC(ioprio_set, 1, 0, P(3, 0))), X(SC(ioprio_get, 1, 0)), R(SC(ioprio_set, 1, target, P(2, 1))), X(SC(ioprio_get, 1, target));
    X(SC(ioprio_get, 3, 1000)), R(SC(ioprio_set, 3, 1000, P(2, 6))), X(SC(ioprio_get, 1, 0)), R(SC(ioprio_set, 3, 12345, P(2, 6))), R(SC(ioprio_get, 3, 12345));
}
static void *thread(void *a)
{
    X(SC(ioprio_get, 1, 0)), R(SC(ioprio_set, 1, 0, P(2, 1))), X(SC(ioprio_get, 1, 0)), X(SC(ioprio_get, 1, getpid()));
    return a;
}
static void test(void)
{
    pid_t c;
    X(SC(ioprio_get, 1, 0)), X(SC(ioprio_get, 2, 0));
    for (int class = 0; class < 9; class++)
        for (int data = 0; data < 0x2000; data = data ? data * 4 : 1)
            if (class < 4 || data < 2)
                say("class %d data %#x: %s", class, data, SC(ioprio_set, 1, 0, P(class, data)) ? ename(errno) : "ok"), X(SC(ioprio_get, 1, 0));
    R(SC(ioprio_set, 1, 0, -1)), R(SC(ioprio_set, 1, 0, 1 << 16)), X(SC(ioprio_get, 1, 0)), R(SC(ioprio_set, 0, 0, 0)), R(SC(ioprio_set, 4, 0, 0)), R(SC(ioprio_set, 4, 0, -1)), R(SC(ioprio_get, 0, 0)), R(SC(ioprio_get, 4, 0));
    R(SC(ioprio_set, 1, 1 << 22, 0)), R(SC(ioprio_get, 1, 1 << 22)), R(SC(ioprio_set, 2, 1 << 22, 0)), R(SC(ioprio_get, 2, 1 << 22)), R(SC(ioprio_get, 1, -1)), R(SC(ioprio_get, 3, -1)), R(SC(ioprio_set, 3, -1, 0));
    R(SC(ioprio_set, 1, 0, 0)), X(SC(ioprio_get, 1, 0)), X(SC(ioprio_get, 2, 0)), SC(setpriority, 0, 0, 10), X(SC(ioprio_get, 2, 0)), SC(setpriority, 0, 0, -20), X(SC(ioprio_get, 2, 0)), SC(setpriority, 0, 0, 0);
    CHILD(c) { X(SC(ioprio_get, 1, 0)), X(SC(ioprio_get, 2, 0)); }
    reap("none set", c);
    R(SC(ioprio_set, 1, 0, P(2, 3)));
    CHILD(c) { X(SC(ioprio_get, 1, 0)); execl("/bin/busybox", "true", (char *)0); }
    reap("inherited", c);
    CHILD(c) { while (pause()) {} }
    target = c;
    R(SC(ioprio_set, 1, c, P(1, 5))), X(SC(ioprio_get, 1, c)), X(SC(ioprio_get, 2, 0)), R(SC(ioprio_set, 2, 0, P(3, 0))), X(SC(ioprio_get, 1, c)), X(SC(ioprio_get, 1, 0)), R(SC(ioprio_set, 2, getpgrp(), P(2, 2)));
    struct sched_param p = {.sched_priority = 3};
    R(SC(ioprio_set, 2, 0, 0)), SC(sched_setscheduler, c, SCHED_FIFO, &p), X(SC(ioprio_get, 2, 0)), p.sched_priority = 0, SC(sched_setscheduler, c, 5, &p), X(SC(ioprio_get, 2, 0));
    as_user(1000, user);
    kill(c, SIGKILL), reap("target", c);
    pthread_t t;
    R(SC(ioprio_set, 1, 0, P(2, 7))), pthread_create(&t, 0, thread, 0), pthread_join(t, 0), X(SC(ioprio_get, 1, 0));
}
