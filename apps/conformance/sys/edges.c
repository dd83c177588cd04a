// SPDX-License-Identifier: MPL-2.0
// Edges that programs seldom meet: negative ids of priorities, what follows clone3's structure, the default of a child's timer
// slack, timeouts that stay, what sysinfo counts.
// Covers: getpriority setpriority clone3 prctl personality select ppoll sysinfo
#include "../conf.h"
#include <linux/sched.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/sysinfo.h>
static void clones(void)
{
    // The structure ends with the page; what follows is no memory.
    char *two = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(two + 4096, 4096);
    struct clone_args *end = (struct clone_args *)(two + 4096 - sizeof *end), *a = (struct clone_args *)two;
    end->exit_signal = a->exit_signal = SIGCHLD;
    for (unsigned more = 1; more < 12; more += 5) {
        long r = SC(clone3, end, sizeof *end + more);
        if (r == 0) _exit(0);
        say("%u bytes of nothing: %s", more, r < 0 ? ename(errno) : "a child");
        ((char *)(a + 1))[more - 1] = 1;
        r = SC(clone3, a, sizeof *a + more);
        if (r == 0) _exit(0);
        say("%u bytes, the last of them set: %s", more, r < 0 ? ename(errno) : "a child");
        ((char *)(a + 1))[more - 1] = 0;
        r = SC(clone3, a, sizeof *a + more);
        if (r == 0) _exit(0);
        say("%u zeros: %s", more, r > 0 && waitpid(r, 0, 0) == r ? "a child" : ename(errno));
    }
}
static void test(void)
{
    R(SC(getpriority, PRIO_PROCESS, -1)), R(SC(setpriority, PRIO_PROCESS, -1, 0)), R(SC(getpriority, PRIO_PROCESS, INT_MIN)), R(SC(getpriority, PRIO_PGRP, -1));
    clones();
    pid_t c;
    R(SC(prctl, PR_SET_TIMERSLACK, 70000));
    CHILD(c) {
        R(SC(prctl, PR_GET_TIMERSLACK)), R(SC(prctl, PR_SET_TIMERSLACK, 1)), R(SC(prctl, PR_SET_TIMERSLACK, 0)), R(SC(prctl, PR_GET_TIMERSLACK));
        R(SC(prctl, PR_SET_TIMERSLACK, 1UL << 30)), R(SC(prctl, PR_GET_TIMERSLACK));
    }
    waitpid(c, 0, 0), R(SC(prctl, PR_SET_TIMERSLACK, 0)), R(SC(prctl, PR_GET_TIMERSLACK));
    for (int sticky = 0; sticky < 2; ++sticky) {
        struct timeval tv = {0, 1000};
        struct timespec ts = {0, 1000000};
        if (sticky) personality(STICKY_TIMEOUTS);
        R(SC(select, 0, 0, 0, 0, &tv)), V(tv.tv_usec), R(SC(ppoll, 0, 0, &ts, 0, 8)), V(ts.tv_nsec);
    }
    personality(0);
    struct sysinfo before, after;
    int m = memfd_create("pages", 0);
    R(sysinfo(&before)), ftruncate(m, 8 << 20), R(SC(fallocate, m, 0, 0, 8 << 20)), R(sysinfo(&after));
    V(after.sharedram * after.mem_unit >= before.sharedram * before.mem_unit + (8 << 20)), V(after.mem_unit), V(after.totalswap), V(after.totalhigh);
    double load = -1;
    FILE *f = fopen("/proc/loadavg", "r");
    fscanf(f, "%lf", &load), sysinfo(&after);
    double told = after.loads[0] / 65536.0;
    V(load >= 0 && told - load < 0.6 && load - told < 0.6);
}
