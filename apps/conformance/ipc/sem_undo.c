// SPDX-License-Identifier: MPL-2.0
// What is undone when a process ends: adjustments, their sum, what clears them, who is let go on by them, exec, fork.
// Covers: semop semctl execve
#include "sem.h"
int conf_reexec(int argc, char **argv)
{
    int id = atoi(argv[1]);
    say("after exec: %d", semctl(id, 0, GETVAL)), R(SEMOP(id, {0, 1, UNDO})), R(SC(semctl, id, 0, GETVAL, 0));
    return argc - 2;
}
static void test(void)
{
    int id = semget(IPC_PRIVATE, 3, 0600), other = semget(IPC_PRIVATE, 2, 0600);
    pid_t c, w;
    unsigned short v[3] = {10, 10, 10};
#define AGAIN semctl(id, 0, SETALL, v)
    AGAIN;
    CHILD(c) { R(SEMOP(id, {0, -3, UNDO}, {1, 4, UNDO}, {2, -1, 0})), values("child", id, 3), R(SEMOP(id, {0, 1, UNDO})), R(SEMOP(other, {1, 5, UNDO}, {0, 2, 0})); }
    reap("ends", c), values("undone", id, 3), values("the other, too", other, 2), V(semctl(id, 0, GETPID) == c), V(semctl(id, 2, GETPID) == c);
    // An operation of zero has nothing to undo, and still may have the flag; a refused one has nothing.
    CHILD(c) { R(SEMOP(other, {1, 0, UNDO})), R(SEMOP(id, {0, -11, UNDO | NOWAIT})), R(SEMOP(id, {0, -1, UNDO}, {1, -11, NOWAIT})), R(SEMOP(id, {0, -5, UNDO}, {0, 5, UNDO})); }
    reap("ends", c), values("nothing", id, 3);
    // The values stop at both ends.
    CHILD(c) { SEMOP(id, {0, 5, UNDO}, {1, -5, UNDO}), SOP(id, OPS({0, -13, 0}, {1, 32762, 0}), 2), values("child", id, 3); }
    reap("ends", c), values("at the ends", id, 3), AGAIN;
    // Setting a value clears adjustments of all processes.
    struct gate go = gate_make(), ready = gate_make();
    CHILD(c) { SEMOP(id, {0, -1, UNDO}, {1, -1, UNDO}, {2, -1, UNDO}), gate_open(ready), gate_wait(go); }
    gate_wait(ready), semctl(id, 1, SETVAL, 50), gate_open(go), reap("ends", c), values("one was set", id, 3);
    CHILD(c) { SEMOP(id, {0, -1, UNDO}, {1, -1, UNDO}, {2, -1, UNDO}), gate_open(ready), gate_wait(go); }
    gate_wait(ready), AGAIN, gate_open(go), reap("ends", c), values("all were set", id, 3);
    // Who waits goes on.
    CHILD(c) { SEMOP(id, {0, -8, UNDO}, {1, 3, UNDO}), gate_open(ready), gate_wait(go); }
    gate_wait(ready), w = DOING(id, {0, -4, 0}), values("one waits", id, 3), gate_open(go), reap("ends", c), done("waiter", w), values("after", id, 3), AGAIN;
    // Killed while it waits: what it did before is undone, what it waits for is not done.
    CHILD(c) { SEMOP(id, {0, -2, UNDO}), SEMOP(id, {1, -20, UNDO}); }
    while (semctl(id, 1, GETNCNT) != 1)
        nap(1);
    values("waits", id, 3), kill(c, SIGKILL), reap("killed", c), values("undone", id, 3);
    // Done for it by another process, it is undone, too.
    CHILD(c) { SEMOP(id, {1, -20, UNDO}), gate_open(ready), gate_wait(go); }
    while (semctl(id, 1, GETNCNT) != 1)
        nap(1);
    R(SEMOP(id, {1, 15, 0})), gate_wait(ready), values("done", id, 3), gate_open(go), reap("ends", c), values("undone", id, 3), AGAIN;
    // A child of fork has none of its own; exec keeps them.
    CHILD(c) {
        pid_t d;
        SEMOP(id, {0, -7, UNDO});
        CHILD(d) { values("grandchild", id, 3); }
        reap("grandchild", d), values("still", id, 3);
    }
    reap("ends", c), values("undone", id, 3);
    CHILD(c) { char n[16]; snprintf(n, sizeof n, "%d", id), SEMOP(id, {0, -7, UNDO}), execl(conf_self, "x", n, NULL), say("no exec: %s", ename(errno)); }
    reap("exec", c), values("undone", id, 3);
    // Removed meanwhile, and made again.
    CHILD(c) { SEMOP(id, {0, -7, UNDO}), SEMOP(other, {0, 1, UNDO}), gate_open(ready), gate_wait(go); }
    gate_wait(ready), values("other", other, 2), R(SC(semctl, id, 0, IPC_RMID, 0)), gate_open(go), reap("ends", c), values("other", other, 2), R(SC(semctl, other, 0, IPC_RMID, 0));
}
