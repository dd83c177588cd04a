// SPDX-License-Identifier: MPL-2.0
// membarrier: which commands there are, registering, what is inherited.
// Covers: membarrier
#include "../conf.h"
#include <pthread.h>
int conf_reexec(int argc, char **argv)
{
    (void)argc, (void)argv;
    R(SC(membarrier, 512, 0, 0)), R(SC(membarrier, 8, 0, 0));
    return 0;
}
static volatile int x, y;
static void *thread(void *a)
{
    x = 1;
    y = SC(membarrier, 1, 0, 0) == 0 ? 1 : -1;
    return a;
}
static void test(void)
{
    X(SC(membarrier, 0, 0, 0));
    for (int c = 1; c <= 2048; c *= 2)
        say("command %d: %s", c, SC(membarrier, c, 0, 0) == -1 ? ename(errno) : "ok"), X(SC(membarrier, 512, 0, 0));
    R(SC(membarrier, 3, 0, 0)), R(SC(membarrier, -1, 0, 0)), R(SC(membarrier, 0, 1, 0)), R(SC(membarrier, 8, 1, 0)), R(SC(membarrier, 16, 1, 0));
    R(SC(membarrier, 512, 1, 0)), R(SC(membarrier, 256, 1, 0)), R(SC(membarrier, 128, 1, 0)), R(SC(membarrier, 128, 3, 0));
    R(SC(membarrier, 8, 0, 0)), R(SC(membarrier, 32, 0, 0)), R(SC(membarrier, 128, 0, 0)), R(SC(membarrier, 128, 1, 1 << 20));
    pthread_t t;
    pthread_create(&t, 0, thread, 0);
    R(SC(membarrier, 2, 0, 0) | SC(membarrier, 8, 0, 0)), pthread_join(t, 0);
    V(x), V(y);
    pid_t c;
    CHILD(c) { X(SC(membarrier, 512, 0, 0)), R(SC(membarrier, 8, 0, 0)); execl(conf_self, conf_self, "exec", (char *)0); }
    reap("child", c);
}
