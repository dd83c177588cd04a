// SPDX-License-Identifier: MPL-2.0
// The limit of CPU time: SIGXCPU at the soft, SIGKILL at the hard limit.
// Covers: setrlimit
#include "../conf.h"
#include <sys/resource.h>
static void test(void)
{
    struct rlimit l = {1, 5};
    pid_t c;
    CHILD(c) { SC(setrlimit, RLIMIT_CPU, &l); for (volatile int i = 0;; i++) {} }
    reap("soft", c);
    l.rlim_max = 1;
    CHILD(c) { SC(setrlimit, RLIMIT_CPU, &l), signal(SIGXCPU, SIG_IGN); for (volatile int i = 0;; i++) {} }
    reap("hard", c);
    // Sleeping costs nothing.
    CHILD(c) { SC(setrlimit, RLIMIT_CPU, &l); nap(1200); }
    reap("asleep", c);
}
