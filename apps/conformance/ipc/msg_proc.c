// SPDX-License-Identifier: MPL-2.0
// Message queues in /proc: /proc/sysvipc/msg, the limits of /proc/sys/kernel and what they stop.
// Covers: msgget msgsnd msgrcv
#include "msg.h"
#define SYS "/proc/sys/kernel/"
static char text[1 << 16];
static void line_of(int id)
{
    get_file("/proc/sysvipc/msg", text, sizeof text);
    char *heading = text, *l = strchr(text, '\n');
    if (!l) { say("nothing"); return; }
    *l++ = 0, S(heading);
    for (char *next; *l; l = next) {
        next = strchr(l, '\n'), *next++ = 0;
        int key, msqid, from, to;
        unsigned mode, ids[4];
        unsigned long bytes, n, times[3];
        int got = sscanf(l, "%d %d %o %lu %lu %d %d %u %u %u %u %lu %lu %lu", &key, &msqid, &mode, &bytes, &n, &from, &to, ids, ids + 1, ids + 2, ids + 3, times, times + 1, times + 2);
        if (got < 4 || msqid != id)
            continue;
        say("%d: key %x mode %o bytes %lu messages %lu sent by me %d got by me %d ids %u %u %u %u times %d%d%d length %zu", got, key, mode, bytes, n, from == getpid(), to == getpid(), ids[0], ids[1], ids[2], ids[3], times[0] != 0, times[1] != 0, times[2] != 0, strlen(l));
        return;
    }
    say("not there");
}
static void test(void)
{
    static char old[3][64];
    static const char *const names[] = {SYS "msgmax", SYS "msgmnb", SYS "msgmni"};
    for (int i = 0; i < 3; i++)
        get_file(names[i], old[i], sizeof old[i]), say("%s: %s", names[i], old[i]);
    int id = msgget(0x3520, IPC_CREAT | 0640);
    line_of(id), R(put(id, 3, "hello", 0)), R(put(id, 4, "and", 0)), line_of(id), get("one", id, 10, 0, 0), line_of(id);
    R(put_file(names[0], "4", 0)), R(put(id, 1, "12345", 0)), R(put(id, 1, "1234", 0)), R(put_file(names[0], "0", 0)), R(put(id, 1, "1", 0)), R(put(id, 1, "", 0));
    R(put_file(names[0], "-1", 0)), R(put_file(names[0], "2147483648", 0)), R(put_file(names[0], "2147483647", 0)), get_file(names[0], text, sizeof text), S(text), R(put_file(names[0], "x", 0));
    // A large one: the queue has to be large enough, too.
    memset(sent.text, 'L', 20000), sent.type = 9, R(SC(msgsnd, id, &sent, 20000, NOWAIT)), R(limit(id, 40000)), R(SC(msgsnd, id, &sent, 20000, NOWAIT)), get("large", id, 20000, 9, 0);
    put_file(names[0], old[0], 0);
    // The limit of a queue is that of the time when it was made.
    R(put_file(names[1], "10", 0));
    int small = msgget(IPC_PRIVATE, 0600);
    show("small", small), show("older", id), R(put(small, 1, "12345678901", NOWAIT)), R(put(small, 1, "1234567890", NOWAIT)), R(SC(msgctl, small, IPC_RMID, 0)), R(put_file(names[1], "-1", 0)), R(put_file(names[1], "2147483647", 0)), put_file(names[1], old[1], 0);
    R(put_file(names[2], "1", 0)), R(SC(msgget, IPC_PRIVATE, 0600)), V(msgget(0x3520, 0) == id), R(put_file(names[2], "-1", 0)), R(put_file(names[2], "32769", 0)), R(put_file(names[2], "32768", 0)), put_file(names[2], old[2], 0);
    R(SC(msgctl, id, IPC_RMID, 0)), line_of(id);
}
