// SPDX-License-Identifier: MPL-2.0
// Adjustments that threads share (CLONE_SYSVSEM): they are made when the last of them ends, or leaves with unshare(2).
// Covers: clone unshare semop semctl
#include "sem.h"
#ifndef CLONE_SYSVSEM
#define CLONE_SYSVSEM 0x40000
#endif
static int id;
static struct gate go, ready;
static char stacks[2][65536] __attribute__((aligned(16)));
static int body(void *a)
{
    SOP(id, OPS({0, -2, UNDO}), 1), gate_open(ready), gate_wait(go);
    return a == 0;
}
static pid_t start(int n, int flags) { return clone(body, stacks[n] + sizeof stacks[n], flags | SIGCHLD, (void *)1); }
static void group(int flags, const char *what)
{
    pid_t c;
    say("-- %s", what), semctl(id, 0, SETVAL, 20);
    CHILD(c) {
        SEMOP(id, {0, -3, UNDO});
        pid_t p = start(0, flags), q = start(1, flags);
        gate_wait(ready), gate_wait(ready), values("three", id, 1), gate_open(go), gate_open(go), reap("one", p), reap("two", q), values("two are gone", id, 1);
    }
    reap("all", c), values("in the end", id, 1);
}
static void test(void)
{
    pid_t c;
    id = semget(IPC_PRIVATE, 1, 0600), go = gate_make(), ready = gate_make();
    group(0, "processes"), group(CLONE_SYSVSEM, "shared"), group(CLONE_VM | CLONE_FILES, "memory, but not these"), group(CLONE_VM | CLONE_SYSVSEM, "memory and these");
    // The first ends first.
    semctl(id, 0, SETVAL, 20);
    CHILD(c) { SEMOP(id, {0, -3, UNDO}), start(0, CLONE_SYSVSEM | CLONE_PARENT), gate_wait(ready); }
    reap("the first", c), values("the other lives", id, 1), gate_open(go), V(waitpid(-1, 0, 0) > 0), values("in the end", id, 1);
    // unshare leaves.
    CHILD(c) { SEMOP(id, {0, -5, UNDO}), values("before", id, 1), R(SC(unshare, CLONE_SYSVSEM)), values("left", id, 1), SEMOP(id, {0, -1, UNDO}), values("anew", id, 1); }
    reap("alone", c), values("undone", id, 1);
    CHILD(c) {
        SEMOP(id, {0, -5, UNDO});
        pid_t p = start(0, CLONE_SYSVSEM);
        gate_wait(ready), R(SC(unshare, CLONE_SYSVSEM)), values("the other keeps them", id, 1), gate_open(go), reap("the other", p), values("undone", id, 1);
    }
    reap("two", c), values("undone", id, 1), R(SC(unshare, CLONE_SYSVSEM)), R(SC(semctl, id, 0, IPC_RMID, 0));
}
