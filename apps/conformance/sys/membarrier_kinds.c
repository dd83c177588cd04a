// SPDX-License-Identifier: MPL-2.0
// Each kind of membarrier must be registered by itself; what the kernel reports of each.
// Covers: membarrier
#include "../conf.h"
static void test(void)
{
    pid_t c;
    for (int r = 4; r <= 256; r *= 4) {
        CHILD(c) {
            say("registered %d: %s", r, SC(membarrier, r, 0, 0) ? ename(errno) : "ok");
            X(SC(membarrier, 512, 0, 0)), R(SC(membarrier, 2, 0, 0)), R(SC(membarrier, 8, 0, 0)), R(SC(membarrier, 32, 0, 0)), R(SC(membarrier, 128, 0, 0));
            R(SC(membarrier, r, 0, 0));
        }
        reap("child", c);
    }
}
