// SPDX-License-Identifier: MPL-2.0
// Shared memory in /proc: /proc/sysvipc/shm, the limits of /proc/sys/kernel and what they stop, a segment's name in maps.
// Covers: shmget shmat
#include "../conf.h"
#include <sys/ipc.h>
#include <sys/shm.h>
#define SYS "/proc/sys/kernel/"
static char text[1 << 16];
// The line of that segment; its numbers that differ between runs are told by what they are.
static void line_of(int id)
{
    get_file("/proc/sysvipc/shm", text, sizeof text);
    char *heading = text, *l = strchr(text, '\n');
    if (!l) { say("nothing"); return; }
    *l++ = 0, S(heading);
    for (char *next; *l; l = next) {
        next = strchr(l, '\n'), *next++ = 0;
        int key, shmid, used = 0;
        unsigned mode, maker, last;
        unsigned long size, attached, ids[4], times[3], rss, swap;
        if (sscanf(l, "%d %d %o %lu %u %u %lu%n", &key, &shmid, &mode, &size, &maker, &last, &attached, &used) < 7 || shmid != id)
            continue;
        say("key %x mode %o size %lu maker is me %d last is me %d attached %lu; up to there %d", key, mode, size, maker == (unsigned)getpid(), last == (unsigned)getpid(), attached, used);
        int n = sscanf(l + used, "%lu %lu %lu %lu %lu %lu %lu %lu %lu", ids, ids + 1, ids + 2, ids + 3, times, times + 1, times + 2, &rss, &swap);
        say("%d more: ids %lu %lu %lu %lu times %d%d%d rss %lu swap %lu; length %zu", n, ids[0], ids[1], ids[2], ids[3], times[0] != 0, times[1] != 0, times[2] != 0, rss, swap, strlen(l));
        return;
    }
    say("not there");
}
static void test(void)
{
    char old[3][64];
    static const char *const names[] = {SYS "shmmax", SYS "shmall", SYS "shmmni"};
    for (int i = 0; i < 3; i++)
        get_file(names[i], old[i], sizeof old[i]), say("%s: %s", names[i], old[i]);
    int id = shmget(0x7e57, 3 * PAGE - 7, IPC_CREAT | 0640);
    line_of(id);
    char *p = shmat(id, 0, 0);
    p[0] = p[PAGE] = 1;
    line_of(id);
    // Its name.
    static char maps[1 << 16];
    get_file("/proc/self/maps", maps, sizeof maps);
    char *m = strstr(maps, "/SYSV");
    if (m)
        *strchr(m, '\n') = 0, S(m);
    shmdt(p), line_of(id);
    // Limits.
    R(put_file(names[0], "8192", 0)), R(shmget(IPC_PRIVATE, 8193, 0600)), V(shmctl(shmget(IPC_PRIVATE, 8192, 0600), IPC_RMID, 0));
    R(put_file(names[0], "x", 0)), R(put_file(names[0], "", 0)), R(put_file(names[0], "18446744073709551616", 0)), R(put_file(names[0], "18446744073709551615", 0));
    get_file(names[0], text, sizeof text), S(text);
    put_file(names[0], old[0], 0);
    R(put_file(names[1], "3", 0)), R(shmget(IPC_PRIVATE, PAGE, 0600));
    R(put_file(names[1], "4", 0)), V(shmctl(shmget(IPC_PRIVATE, PAGE, 0600), IPC_RMID, 0)), R(shmget(IPC_PRIVATE, 2 * PAGE, 0600));
    put_file(names[1], old[1], 0);
    R(put_file(names[2], "1", 0)), R(shmget(IPC_PRIVATE, PAGE, 0600)), V(shmget(0x7e57, 0, 0) == id);
    R(put_file(names[2], "-1", 0)), R(put_file(names[2], "32769", 0)), R(put_file(names[2], "32768", 0));
    put_file(names[2], old[2], 0);
    R(shmctl(id, IPC_RMID, 0)), line_of(id);
}
