// SPDX-License-Identifier: MPL-2.0
// Processes that wait for semaphores: who goes on after which change, in which order, operations on several at once, what
// GETNCNT and GETZCNT count meanwhile, removal.
// Covers: semop semctl
#include "sem.h"
static void simple(void)
{
    int id = semget(IPC_PRIVATE, 3, 0600);
    pid_t a = DOING(id, {0, -1, 0}), b = DOING(id, {0, -2, 0}), c = DOING(id, {0, -1, 0});
    values("three wait", id, 3), R(SEMOP(id, {0, 1, 0})), done("first", a), values("two wait", id, 3);
    // The one that needs less passes.
    R(SEMOP(id, {0, 1, 0})), done("third", c), values("one waits", id, 3), V(semctl(id, 0, GETPID) == c), R(SEMOP(id, {0, 3, 0})), done("second", b), values("none waits", id, 3), V(semctl(id, 0, GETPID) == b);
    // For zero.
    a = DOING(id, {0, 0, 0}), b = DOING(id, {0, 0, 0}), values("for zero", id, 3), R(SEMOP(id, {0, -1, 0})), done("zero", a), done("zero", b), values("none waits", id, 3);
    // Those that wait for zero are first; what is at zero for a moment only is not at zero.
    R(SC(semctl, id, 0, SETVAL, 1)), a = DOING(id, {0, 0, 0}), R(SEMOP(id, {0, -1, 0}, {0, 1, 0})), waits("zero", a), R(SC(semctl, id, 0, SETVAL, 0)), done("zero", a);
    // One that goes on lets others go on.
    R(SC(semctl, id, 1, SETVAL, 1)), a = DOING(id, {1, 0, 0}), b = DOING(id, {1, -2, 0}), values("a chain", id, 3), R(SEMOP(id, {1, 1, 0})), done("two", b), done("zero", a), values("after", id, 3);
    R(SC(semctl, id, 0, IPC_RMID, 0));
}
static void several(void)
{
    int id = semget(IPC_PRIVATE, 4, 0600);
    pid_t a = DOING(id, {0, -1, 0}, {1, -1, 0}), b = DOING(id, {1, -1, 0}), c = DOING(id, {2, 0, 0}, {0, -1, 0}, {3, 1, 0});
    values("waiting", id, 4), R(SEMOP(id, {1, 1, 0})), done("simple", b), values("b", id, 4), R(SEMOP(id, {2, 1, 0})), values("blocked elsewhere", id, 4), R(SEMOP(id, {1, 1, 0})), values("half", id, 4);
    R(SEMOP(id, {0, 1, 0})), done("both", a), values("a", id, 4), R(SEMOP(id, {0, 1, 0})), values("still one", id, 4), R(SEMOP(id, {2, -1, 0})), done("last", c), values("none", id, 4);
    // A chain through several semaphores.
    a = DOING(id, {0, -1, 0}, {1, 1, 0}), b = DOING(id, {1, -1, 0}, {2, 1, 0}), c = DOING(id, {2, -1, 0}), R(SC(semctl, id, 3, SETVAL, 0)), values("chain", id, 4);
    R(SEMOP(id, {0, 1, 0})), done("a", a), done("b", b), done("c", c), values("through", id, 4);
    // Zero of several.
    unsigned short ones[4] = {1, 1, 0, 0};
    R(SC(semctl, id, 0, SETALL, ones)), a = DOING(id, {0, 0, 0}, {1, 0, 0}), values("zeros", id, 4), R(SEMOP(id, {0, -1, 0})), values("one zero", id, 4), R(SEMOP(id, {0, 1, 0})), R(SEMOP(id, {1, -1, 0})), values("the other", id, 4), R(SEMOP(id, {0, -1, 0})), done("zeros", a);
    // What waits can fail later: it does not want to wait for all, or a value would be too large.
    a = DOING(id, {0, -1, 0}, {1, -1, NOWAIT}), b = DOING(id, {2, -1, 0}, {3, 2, 0}), R(SC(semctl, id, 3, SETVAL, 32766)), R(SEMOP(id, {0, 1, 0})), done("refused", a), R(SEMOP(id, {2, 1, 0})), done("too large", b), values("left", id, 4);
    a = DOING(id, {1, 0, NOWAIT}, {3, 0, 0}), R(SEMOP(id, {1, 1, 0})), waits("not looked at", a), R(SC(semctl, id, 3, SETVAL, 0)), done("now it is", a);
    R(SC(semctl, id, 0, IPC_RMID, 0));
}
static void order(void)
{
    int id = semget(IPC_PRIVATE, 3, 0600);
    // Each adds its digit: the order shows in the value of the second one.
    pid_t p[3];
    for (int i = 0; i < 3; i++) {
        p[i] = fork();
        if (p[i] == 0)
            _exit(SOP(id, OPS({0, -1, 0}, {1, 0, 0}, {1, i + 1, 0}), 3) ? errno : 0);
        await_state(p[i], 0, 'S');
    }
    values("queued", id, 3), R(SEMOP(id, {0, 3, 0}));
    for (int i = 0; i < 3; i++)
        say("turn %d", semctl(id, 1, GETVAL)), semctl(id, 1, SETVAL, 0), done("one", p[i]);
    values("all", id, 3);
    // SETALL lets go whoever can.
    unsigned short v[3] = {1, 1, 1};
    pid_t a = DOING(id, {0, -1, 0}), b = DOING(id, {1, -1, 0}, {2, -1, 0}), c = DOING(id, {2, -1, 0});
    R(SC(semctl, id, 0, SETALL, v)), done("a", a), done("b", b), waits("c", c), values("set all", id, 3);
    R(SC(semctl, id, 0, IPC_RMID, 0)), done("c", c);
    id = semget(IPC_PRIVATE, 2, 0600), semctl(id, 1, SETVAL, 1);
    a = DOING(id, {0, -1, 0}), b = DOING(id, {1, 0, 0}), c = DOING(id, {0, -1, 0}, {1, -1, 0});
    pid_t d = DOING(id, {1, 0, 0}, {0, 0, 0});
    values("before", id, 2), R(SC(semctl, id, 0, IPC_RMID, 0)), done("a", a), done("b", b), done("c", c), done("d", d), R(SC(semctl, id, 0, GETVAL, 0));
}
static void test(void) { simple(), several(), order(); }
