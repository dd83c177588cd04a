// SPDX-License-Identifier: MPL-2.0
// The limit of CPU time: SIGXCPU at the soft, SIGKILL at the hard limit.
#include "../conf.h"
#include <sys/resource.h>
static void test(void)
{
    struct rlimit soft = {1, 5}, hard = {1, 1};
    pid_t a, b, c;
    CHILD(a) { SC(setrlimit, RLIMIT_CPU, &soft); for (volatile int i = 0;; i++) {} }
    CHILD(b) { SC(setrlimit, RLIMIT_CPU, &hard), signal(SIGXCPU, SIG_IGN); for (volatile int i = 0;; i++) {} }
    CHILD(c) { SC(setrlimit, RLIMIT_CPU, &hard), nap(1200); } // sleeping costs nothing
    reap("soft", a), reap("hard", b), reap("asleep", c);
}
