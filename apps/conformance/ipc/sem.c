// SPDX-License-Identifier: MPL-2.0
// Semaphores without waiting: keys and ids, sizes, values, several operations as one, who did the last, every error.
// Covers: semget semop semctl
#include "sem.h"
static void keys(void)
{
    int id = semget(0x5e01, 3, IPC_CREAT | 0640);
    V(id >= 0), V(semget(0x5e01, 0, 0) == id), V(semget(0x5e01, 3, IPC_CREAT) == id), R(SC(semget, 0x5e01, 4, 0)), R(SC(semget, 0x5e01, 3, IPC_CREAT | IPC_EXCL)), R(SC(semget, 0x5e02, 3, 0));
    R(SC(semget, 0x5e02, 0, IPC_CREAT)), R(SC(semget, IPC_PRIVATE, 0, 0600)), R(SC(semget, IPC_PRIVATE, -1, 0600)), R(SC(semget, IPC_PRIVATE, 32001, 0600));
    R(SC(semctl, id, 0, IPC_RMID, 0)), R(SC(semctl, id, 0, IPC_RMID, 0)), R(SC(semget, 0x5e01, 0, 0)), R(SEMOP(id, {0, 1, 0}));
    int next = semget(0x5e01, 1, IPC_CREAT | 0600);
    V(next - id), R(SC(semctl, next + 32768, 0, GETVAL, 0)), R(SC(semctl, -1, 0, GETVAL, 0)), R(SC(semctl, next, 0, 77, 0)), R(SC(semctl, next, 0, -1, 0)), R(SC(semctl, next, 0, GETVAL | 0x100, 0));
    R(SC(semctl, next, 0, IPC_RMID, 0));
    int most = semget(IPC_PRIVATE, 32000, 0600);
    V(most >= 0), R(SC(semctl, most, 31999, SETVAL, 5)), R(SC(semctl, most, 31999, GETVAL, 0)), R(SC(semctl, most, 32000, GETVAL, 0)), R(SEMOP(most, {31999, -2, UNDO}, {0, 1, 0})), R(SC(semctl, most, 31999, GETVAL, 0));
    R(SC(semctl, most, 0, IPC_RMID, 0));
}
static void setting(void)
{
    int id = semget(IPC_PRIVATE, 4, 0600);
    unsigned short v[4] = {1, 2, 3, 4}, got[5] = {9, 9, 9, 9, 9};
    values("new", id, 4);
    for (int i = 0; i < 4; i++)
        V(semctl(id, i, GETPID));
    R(SC(semctl, id, 1, SETVAL, 7)), R(SC(semctl, id, 1, SETVAL, 32767)), R(SC(semctl, id, 1, SETVAL, 32768)), R(SC(semctl, id, 1, SETVAL, -1)), R(SC(semctl, id, 1, SETVAL, 5 | 1l << 32)), R(SC(semctl, id, 4, SETVAL, 1)), R(SC(semctl, id, -1, SETVAL, 1)), R(SC(semctl, id, 9, SETVAL, 40000));
    for (int i = 0; i < 4; i++)
        V(semctl(id, i, GETPID) == getpid());
    values("set", id, 4), R(SC(semctl, id, 99, SETALL, v)), values("all", id, 4), R(SC(semctl, id, 99, GETALL, got)), say("%d %d %d %d %d", got[0], got[1], got[2], got[3], got[4]);
    v[2] = 32768, R(SC(semctl, id, 0, SETALL, v)), values("not set", id, 4);
    R(SC(semctl, id, 0, SETALL, BAD)), R(SC(semctl, id, 0, GETALL, BAD));
    static const int one[] = {GETVAL, GETPID, GETNCNT, GETZCNT};
    for (int i = 0; i < 4; i++)
        R(SC(semctl, id, 4, one[i], 0)), R(SC(semctl, id, -1, one[i], 0)), R(SC(semctl, id + 1, 0, one[i], 0));
    pid_t c;
    CHILD(c) { R(SEMOP(id, {0, 1, 0})); }
    reap("child", c), V(semctl(id, 0, GETPID) == c), V(semctl(id, 1, GETPID) == getpid());
    CHILD(c) { semctl(id, 1, SETVAL, 3); }
    reap("child", c), V(semctl(id, 1, GETPID) == c), R(SC(semctl, id, 0, IPC_RMID, 0));
}
static void operations(void)
{
    int id = semget(IPC_PRIVATE, 3, 0600);
    R(SEMOP(id, {0, 2, 0}, {1, 5, 0})), values("two", id, 3), R(SEMOP(id, {0, -2, 0}, {1, -3, 0}, {2, 0, 0})), values("three", id, 3);
    // All or none.
    R(SEMOP(id, {1, -1, 0}, {0, -1, NOWAIT})), values("none", id, 3), R(SEMOP(id, {1, -1, 0}, {2, 1, 0}, {1, 0, NOWAIT})), values("none", id, 3);
    R(SEMOP(id, {1, -1, NOWAIT}, {1, -1, NOWAIT}, {1, 0, NOWAIT})), values("the same one", id, 3), R(SEMOP(id, {1, 1, 0}, {1, -1, 0}, {1, 0, 0}, {1, 3, 0})), values("up and down", id, 3);
    R(SEMOP(id, {0, 32767, 0})), R(SEMOP(id, {0, 1, 0})), R(SEMOP(id, {1, 1, 0}, {0, 1, 0})), values("at the top", id, 3), R(SEMOP(id, {0, -32767, 0})), R(SEMOP(id, {0, -32768, NOWAIT})), values("down", id, 3);
    R(SEMOP(id, {3, 1, 0})), R(SEMOP(id, {0, 1, 0}, {65535, 1, 0})), R(SOP(id, OPS({0, 1, 0}), 0)), R(SOP(id, BAD, 1)), R(SOP(id, BAD, 0)), R(SOP(id, BAD, 501)), R(SOP(id, OPS({0, 1, 0}), -1)), R(SOP(-1, OPS({0, 1, 0}), 1)), R(SOP(-1, BAD, 1)), R(SOP(id + 7, OPS({0, 1, 0}), 1));
    static struct sembuf many[501];
    for (int i = 0; i < 501; i++)
        many[i] = (struct sembuf){i % 3, 1, 0};
    R(SOP(id, many, 500)), values("many", id, 3), R(SOP(id, many, 501));
    // Adjustments have a limit, too.
    semctl(id, 0, SETVAL, 0), R(SEMOP(id, {0, 32767, UNDO})), R(SEMOP(id, {0, -32767, 0})), R(SEMOP(id, {0, 1, UNDO})), R(SEMOP(id, {0, 2, UNDO})), R(SEMOP(id, {1, -1, 0}, {0, 2, UNDO})), values("limit", id, 3);
    R(SC(semctl, id, 0, IPC_RMID, 0));
}
static void test(void) { keys(), setting(), operations(); }
