// SPDX-License-Identifier: MPL-2.0
// PR_GET_SPECULATION_CTRL, PR_SET_SPECULATION_CTRL: what every processor refuses, and that what can be set is set, inherited and final.
// Processors differ, so states are compared with each other and not printed.
// Covers: prctl
#include "../conf.h"
#include <sys/prctl.h>
#ifndef PR_SPEC_DISABLE_NOEXEC
#define PR_SPEC_DISABLE_NOEXEC 16
#endif
static long get(long which) { return prctl(PR_GET_SPECULATION_CTRL, which, 0, 0, 0); }
static long set(long which, long value) { return prctl(PR_SET_SPECULATION_CTRL, which, value, 0, 0) ? -errno : 0; }
static void controllable(long which)
{
    pid_t c;
    int ok = set(which, PR_SPEC_DISABLE) == 0 && get(which) == (PR_SPEC_PRCTL | PR_SPEC_DISABLE);
    CHILD(c) { _exit(get(which) == (PR_SPEC_PRCTL | PR_SPEC_DISABLE) ? 0 : 1); }
    int st;
    waitpid(c, &st, 0);
    ok = ok && st == 0 && set(which, PR_SPEC_ENABLE) == 0 && get(which) == (PR_SPEC_PRCTL | PR_SPEC_ENABLE);
    if (which == 0)
        ok = ok && set(which, PR_SPEC_DISABLE_NOEXEC) == 0 && get(which) == (PR_SPEC_PRCTL | PR_SPEC_DISABLE_NOEXEC);
    ok = ok && set(which, PR_SPEC_FORCE_DISABLE) == 0 && get(which) == (PR_SPEC_PRCTL | PR_SPEC_FORCE_DISABLE);
    ok = ok && set(which, PR_SPEC_ENABLE) == -EPERM && set(which, PR_SPEC_DISABLE) == 0 && get(which) == (PR_SPEC_PRCTL | PR_SPEC_FORCE_DISABLE);
    ok = ok && set(which, 3) == -ERANGE;
    say("%ld: %s", which, ok ? "as it should be" : "wrong");
}
static void test(void)
{
    R(SC(prctl, PR_GET_SPECULATION_CTRL, 3, 0, 0, 0)), R(SC(prctl, PR_SET_SPECULATION_CTRL, 3, PR_SPEC_DISABLE, 0, 0));
    R(SC(prctl, PR_GET_SPECULATION_CTRL, 0, 1, 0, 0)), R(SC(prctl, PR_GET_SPECULATION_CTRL, 0, 0, 1, 0)), R(SC(prctl, PR_GET_SPECULATION_CTRL, 0, 0, 0, 1));
    R(SC(prctl, PR_SET_SPECULATION_CTRL, 0, PR_SPEC_DISABLE, 1, 0)), R(SC(prctl, PR_SET_SPECULATION_CTRL, 1, PR_SPEC_DISABLE, 0, 1));
    R(SC(prctl, PR_GET_SPECULATION_CTRL, 2, 0, 0, 0)), R(SC(prctl, PR_SET_SPECULATION_CTRL, 2, PR_SPEC_ENABLE, 0, 0));
    R(SC(prctl, PR_SET_SPECULATION_CTRL, 1, 3, 0, 0));
    for (long which = 0; which < 2; ++which) {
        const long now = get(which);
        if (now & PR_SPEC_PRCTL) {
            controllable(which);
            continue;
        }
        // Not affected, or nothing can be done: then that is not pretended.
        int ok = now == PR_SPEC_NOT_AFFECTED || now == PR_SPEC_ENABLE;
        if (which == 0)
            ok = ok && set(0, PR_SPEC_DISABLE) == -ENXIO && set(0, PR_SPEC_ENABLE) == -ENXIO && set(0, 3) == -ENXIO;
        else
            ok = ok && set(1, PR_SPEC_ENABLE) == 0 && set(1, PR_SPEC_DISABLE) == -EPERM && set(1, PR_SPEC_FORCE_DISABLE) == -EPERM;
        say("%ld: %s", which, ok && get(which) == now ? "as it should be" : "wrong");
    }
}
