// SPDX-License-Identifier: MPL-2.0
// Priorities, policies and affinities: get and set, rights, inheritance, errors in order.
// Covers: getpriority setpriority sched_getaffinity sched_setaffinity sched_getscheduler sched_setscheduler sched_getparam sched_setparam sched_get_priority_max sched_get_priority_min sched_rr_get_interval
#include "../conf.h"
#include <sys/resource.h>
static pid_t target;
static void user(void)
{
    struct sched_param p = {.sched_priority = 1};
    R(SC(setpriority, PRIO_PROCESS, 0, 5)), R(SC(setpriority, PRIO_PROCESS, 0, 4)), R(SC(getpriority, PRIO_PROCESS, 0));
    R(SC(setpriority, PRIO_PROCESS, target, 15)), R(SC(setpriority, PRIO_PROCESS, 0, -5));
    R(SC(sched_setscheduler, 0, SCHED_FIFO, &p)), p.sched_priority = 0, R(SC(sched_setscheduler, 0, SCHED_BATCH, &p)), R(SC(sched_setscheduler, target, SCHED_BATCH, &p));
    unsigned long m = 1;
    R(SC(sched_setaffinity, target, 8, &m)), R(SC(sched_getaffinity, target, 128, (char[128]){0}) > 0);
}
static void test(void)
{
    pid_t c;
    R(SC(getpriority, PRIO_PROCESS, 0)); // 20 minus the nice value
    R(SC(setpriority, PRIO_PROCESS, 0, 3)), R(SC(getpriority, PRIO_PROCESS, getpid())), R(SC(setpriority, PRIO_PROCESS, 0, 100)), R(SC(getpriority, PRIO_PROCESS, 0));
    R(SC(setpriority, PRIO_PROCESS, 0, -100)), R(SC(getpriority, PRIO_PROCESS, 0)), R(SC(setpriority, PRIO_PROCESS, 0, 0));
    R(SC(getpriority, 3, 0)), R(SC(getpriority, -1, 0)), R(SC(getpriority, PRIO_PROCESS, 1 << 22)), R(SC(setpriority, 3, 0, 0)), R(SC(setpriority, PRIO_PROCESS, 1 << 22, 0));
    CHILD(c) { setpgid(0, 0); SC(setpriority, PRIO_PGRP, 0, 7); say("group %ld", SC(getpriority, PRIO_PGRP, 0)); pid_t d; CHILD(d) { say("inherited %ld", SC(getpriority, PRIO_PROCESS, 0)); } waitpid(d, 0, 0); }
    waitpid(c, 0, 0);
    R(SC(getpriority, PRIO_USER, 0) >= 20), R(SC(getpriority, PRIO_USER, 98765));
    CHILD(c) { while (pause()) {} }
    target = c;
    struct sched_param p = {0};
    R(SC(sched_getscheduler, 0)), R(SC(sched_getscheduler, -1)), R(SC(sched_getscheduler, 1 << 22)), R(SC(sched_getparam, 0, &p)), V(p.sched_priority);
    R(SC(sched_getparam, 0, BAD)), R(SC(sched_getparam, -1, &p)), R(SC(sched_getparam, 1 << 22, &p)), R(SC(sched_getparam, 0, 0));
    R(SC(sched_setscheduler, 0, SCHED_OTHER, &p)), p.sched_priority = 1, R(SC(sched_setscheduler, 0, SCHED_OTHER, &p)), R(SC(sched_setscheduler, 0, 77, &p)), R(SC(sched_setscheduler, 0, -1, &p));
    R(SC(sched_setscheduler, 0, SCHED_FIFO, BAD)), R(SC(sched_setscheduler, -1, SCHED_OTHER, &p)), p.sched_priority = 100, R(SC(sched_setscheduler, 0, SCHED_FIFO, &p));
    p.sched_priority = 5, R(SC(sched_setscheduler, c, SCHED_FIFO, &p)), R(SC(sched_getscheduler, c)), R(SC(sched_getparam, c, &p)), V(p.sched_priority);
    p.sched_priority = 9, R(SC(sched_setparam, c, &p)), R(SC(sched_getparam, c, &p)), V(p.sched_priority), p.sched_priority = 0, R(SC(sched_setparam, c, &p));
    R(SC(sched_setscheduler, c, SCHED_RR, &(struct sched_param){.sched_priority = 2})), R(SC(sched_getscheduler, c)), R(SC(sched_setscheduler, c, SCHED_IDLE, &p)), R(SC(sched_getscheduler, c));
    R(SC(sched_setscheduler, c, SCHED_OTHER | SCHED_RESET_ON_FORK, &p)), R(SC(sched_getscheduler, c));
    for (int i = 0; i < 7; i++) {
        char t[32];
        sprintf(t, "policy %d max", i), RT(t, SC(sched_get_priority_max, i)), sprintf(t, "policy %d min", i), RT(t, SC(sched_get_priority_min, i));
    }
    struct timespec ts;
    R(SC(sched_rr_get_interval, 0, &ts)), R(SC(sched_rr_get_interval, -1, &ts)), R(SC(sched_rr_get_interval, 1 << 22, &ts)), R(SC(sched_rr_get_interval, 0, BAD));
    // Affinity
    unsigned long m[16] = {0}, one[16] = {1}, none[16] = {0};
    long n = SC(sched_getaffinity, 0, sizeof m, m);
    say("bytes %d, cpu 0 there %ld", n > 0 && n % 8 == 0, m[0] & 1);
    R(SC(sched_getaffinity, 0, 1, m)), R(SC(sched_getaffinity, 0, 0, m)), R(SC(sched_getaffinity, 0, 12, m)), R(SC(sched_getaffinity, 1 << 22, 128, m)), R(SC(sched_getaffinity, 0, 128, BAD));
    R(SC(sched_setaffinity, 0, 128, one)), SC(sched_getaffinity, 0, 128, m), X(m[0]);
    unsigned cpu;
    SC(getcpu, &cpu, 0, 0), V(cpu);
    pid_t d;
    CHILD(d) { SC(sched_getaffinity, 0, 128, m), say("inherited %lx", m[0]); }
    waitpid(d, 0, 0);
    R(SC(sched_setaffinity, 0, 128, none)), R(SC(sched_setaffinity, 1 << 22, 128, one)), R(SC(sched_setaffinity, 0, 128, BAD)), R(SC(sched_setaffinity, 0, 0, one));
    one[0] = 1ul << 63, R(SC(sched_setaffinity, 0, 8, one)), one[0] = ~0ul, R(SC(sched_setaffinity, 0, 8, one)); // those that are not there are left out
    as_user(1000, user);
    kill(c, SIGKILL), waitpid(c, 0, 0);
}
