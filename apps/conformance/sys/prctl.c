// SPDX-License-Identifier: MPL-2.0
// prctl: names, death signals, dumpability, subreapers, timer slack and what is refused; membarrier; personality.
// Covers: prctl membarrier personality
#include "../conf.h"
#include <sys/prctl.h>
static volatile int got;
static void note(int s) { got = s; }
static void test(void)
{
    char n[16];
    int v = -1;
    pid_t c, d;
    R(SC(prctl, PR_SET_NAME, "sixteen bytes and more")), R(SC(prctl, PR_GET_NAME, n)), S(n), R(SC(prctl, PR_SET_NAME, BAD)), R(SC(prctl, PR_GET_NAME, BAD));
    R(SC(prctl, PR_SET_NAME, "")), R(SC(prctl, PR_GET_NAME, n)), S(n);
    R(SC(prctl, PR_GET_PDEATHSIG, &v)), V(v), R(SC(prctl, PR_SET_PDEATHSIG, 65)), R(SC(prctl, PR_SET_PDEATHSIG, SIGUSR1)), R(SC(prctl, PR_GET_PDEATHSIG, &v)), V(v), R(SC(prctl, PR_GET_PDEATHSIG, BAD));
    int p[2];
    pipe(p);
    CHILD(c) {
        v = -1, prctl(PR_GET_PDEATHSIG, &v), say("not inherited %d", v);
        struct gate g = gate_make();
        CHILD(d) {
            on(SIGUSR2, note, 0), prctl(PR_SET_PDEATHSIG, SIGUSR2), gate_open(g);
            while (!got)
                pause();
            dprintf(p[1], "%s", sname(got));
        }
        gate_wait(g), await_state(d, 0, 'S');
    }
    reap("parent", c), take("the child got", p[0], 7);
    R(SC(prctl, PR_GET_DUMPABLE)), R(SC(prctl, PR_SET_DUMPABLE, 0)), R(SC(prctl, PR_GET_DUMPABLE)), R(SC(prctl, PR_SET_DUMPABLE, 2)), R(SC(prctl, PR_SET_DUMPABLE, 1));
    // Subreaper: orphans come to it.
    R(SC(prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)), R(SC(prctl, PR_GET_CHILD_SUBREAPER, &v, 0, 0, 0)), V(v);
    struct gate g = gate_make();
    pid_t me = getpid();
    CHILD(c) { CHILD(d) { gate_wait(g); say("orphan's parent is the subreaper %d", getppid() == me); _exit(5); } }
    waitpid(c, 0, 0), gate_open(g);
    int st;
    R(waitpid(-1, &st, 0) > 0), say("%s", status_text(st));
    SC(prctl, PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    R(SC(prctl, PR_GET_TIMERSLACK)), R(SC(prctl, PR_SET_TIMERSLACK, 70000)), R(SC(prctl, PR_GET_TIMERSLACK)), R(SC(prctl, PR_SET_TIMERSLACK, 0)), R(SC(prctl, PR_GET_TIMERSLACK));
    R(SC(prctl, 9999)), R(SC(prctl, PR_GET_TSC, &v)), V(v), R(SC(prctl, PR_GET_SECCOMP) >= 0), R(SC(prctl, PR_SET_SECCOMP, 99));
    unsigned tid;
    R(SC(prctl, PR_GET_TID_ADDRESS, &tid) <= 0), R(SC(prctl, PR_SET_MM, 0, 0, 0, 0) == -1);
    // membarrier
    R(SC(membarrier, 0, 0, 0) > 0), R(SC(membarrier, 1, 0, 0)), R(SC(membarrier, 8, 0, 0)), R(SC(membarrier, 16, 0, 0)), R(SC(membarrier, 8, 0, 0)), R(SC(membarrier, 1 << 20, 0, 0)), R(SC(membarrier, 0, 1, 0));
    // personality
    R(SC(personality, 0xffffffff)), R(SC(personality, 0x0040000)), R(SC(personality, 0xffffffff)), R(SC(personality, 0));
}
