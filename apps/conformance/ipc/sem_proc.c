// SPDX-License-Identifier: MPL-2.0
// Semaphores in /proc: /proc/sysvipc/sem, the four limits of /proc/sys/kernel/sem and what they stop.
// Covers: semget semop
#include "sem.h"
#define SYS "/proc/sys/kernel/sem"
static char text[1 << 16];
static void line_of(int id)
{
    get_file("/proc/sysvipc/sem", text, sizeof text);
    char *heading = text, *l = strchr(text, '\n');
    if (!l) { say("nothing"); return; }
    *l++ = 0, S(heading);
    for (char *next; *l; l = next) {
        next = strchr(l, '\n'), *next++ = 0;
        int key, semid;
        unsigned mode, n, ids[4];
        unsigned long otime, ctime;
        int got = sscanf(l, "%d %d %o %u %u %u %u %u %lu %lu", &key, &semid, &mode, &n, ids, ids + 1, ids + 2, ids + 3, &otime, &ctime);
        if (got < 4 || semid != id)
            continue;
        say("%d: key %x mode %o n %u ids %u %u %u %u times %d%d length %zu", got, key, mode, n, ids[0], ids[1], ids[2], ids[3], otime != 0, ctime != 0, strlen(l));
        return;
    }
    say("not there");
}
static void limits(const char *set)
{
    long r = set ? put_file(SYS, set, 0) : 0;
    get_file(SYS, text, sizeof text), show_bytes(set ? set : "limits", text, strlen(text));
    if (r)
        say("not written");
}
static void test(void)
{
    static char old[64];
    static struct sembuf many[8];
    get_file(SYS, old, sizeof old), limits(0);
    int id = semget(0x5e20, 3, IPC_CREAT | 0640), a, b;
    line_of(id), R(SEMOP(id, {0, 1, 0})), line_of(id);
    limits("10"), R(SC(semget, IPC_PRIVATE, 11, 0600)), V((a = semget(IPC_PRIVATE, 10, 0600)) >= 0), semctl(a, 0, IPC_RMID);
    limits("10 20"), V((a = semget(IPC_PRIVATE, 10, 0600)) >= 0), R(SC(semget, IPC_PRIVATE, 8, 0600)), V((b = semget(IPC_PRIVATE, 7, 0600)) >= 0), R(SC(semget, IPC_PRIVATE, 1, 0600)), semctl(b, 0, IPC_RMID), V((b = semget(IPC_PRIVATE, 1, 0600)) >= 0), semctl(a, 0, IPC_RMID), semctl(b, 0, IPC_RMID);
    for (int i = 0; i < 8; i++)
        many[i] = (struct sembuf){0, 1, 0};
    limits("100 100 7\n"), R(SOP(id, many, 8)), R(SOP(id, many, 7));
    limits("100\t100  7 1 "), R(SC(semget, IPC_PRIVATE, 1, 0600)), V(semget(0x5e20, 0, 0) == id), limits("100 100 7 0"), R(SC(semget, IPC_PRIVATE, 1, 0600));
    limits("100 100 7 32768"), limits("100 100 7 32769"), limits("100 100 7 -1"), limits("-5"), R(SC(semget, IPC_PRIVATE, 1, 0600)), limits("0 0 0"), R(SC(semget, IPC_PRIVATE, 0, 0600)), R(SOP(id, many, 1)), limits("x"), limits(""), limits("1 x"), limits("3000000000");
    limits(old), R(SC(semctl, id, 0, IPC_RMID, 0)), line_of(id);
}
