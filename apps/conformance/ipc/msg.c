// SPDX-License-Identifier: MPL-2.0
// Message queues without waiting: keys and ids, what comes out as it went in, sizes, what a queue holds, every error.
// Covers: msgget msgsnd msgrcv msgctl
#include "msg.h"
static void keys(void)
{
    int id = msgget(0x3501, IPC_CREAT | 0640);
    V(id >= 0), V(msgget(0x3501, 0) == id), V(msgget(0x3501, IPC_CREAT) == id), R(SC(msgget, 0x3501, IPC_CREAT | IPC_EXCL)), R(SC(msgget, 0x3502, 0)), show("new", id);
    R(SC(msgctl, id, IPC_RMID, 0)), R(SC(msgctl, id, IPC_RMID, 0)), R(SC(msgget, 0x3501, 0)), R(put(id, 1, "x", 0)), get("gone", id, 10, 0, 0), show("gone", id);
    int next = msgget(IPC_PRIVATE, 07600);
    V(next - id), show("next", next), R(SC(msgctl, next + 32768, IPC_STAT, 0)), R(SC(msgctl, -1, IPC_STAT, 0)), R(SC(msgctl, next, -1, 0)), R(SC(msgctl, next, 77, 0)), R(SC(msgctl, next, IPC_STAT | 0x100, 0)), R(SC(msgctl, next, IPC_STAT, BAD)), R(SC(msgctl, next, IPC_SET, BAD)), R(SC(msgctl, next + 1, IPC_SET, BAD)), R(SC(msgctl, next, IPC_RMID, BAD));
}
static void sizes(void)
{
    int id = msgget(IPC_PRIVATE, 0600);
    static const int n[] = {0, 1, 47, 48, 1023, 1024, 1025, 4047, 4048, 4049, 4096, 4097, 8191, 8192};
    for (size_t i = 0; i < ARRAY(n); i++) {
        for (int j = 0; j < n[i]; j++)
            sent.text[j] = (char)(j * 7 + j / 251 + n[i]);
        sent.type = n[i] + 1;
        memset(&got, 0, sizeof got);
        long r = SC(msgsnd, id, &sent, n[i], 0), g = SC(msgrcv, id, &got, sizeof got.text, 0, 0);
        say("%d: %ld %ld type %ld same %d rest %d", n[i], r, g, got.type, !memcmp(sent.text, got.text, n[i]), got.text[n[i]]);
    }
    R(SC(msgsnd, id, &sent, 8193, 0)), R(SC(msgsnd, id, &sent, -1, 0)), R(SC(msgsnd, id, &sent, 1l << 40, 0));
    sent.type = 0, R(SC(msgsnd, id, &sent, 1, 0)), sent.type = -5, R(SC(msgsnd, id, &sent, 1, 0)), R(SC(msgsnd, id, BAD, 1, 0)), R(SC(msgsnd, id, BAD, -1, 0));
    sent.type = 1, R(SC(msgsnd, -1, &sent, 1, 0)), R(SC(msgsnd, id + 1, &sent, 1, 0));
    // The text, or a part of it, is not there.
    char *edge = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(edge + PAGE, PAGE, PROT_NONE), memset(edge, 1, PAGE);
    R(SC(msgsnd, id, edge + PAGE - 8, 0, 0)), R(SC(msgsnd, id, edge + PAGE - 8, 1, 0)), R(SC(msgsnd, id, edge + PAGE - 12, 5, 0)), R(SC(msgsnd, id + 1, edge + PAGE - 12, 5, 0)), R(SC(msgsnd, id, edge + PAGE - 12, 4, 0)), R(SC(msgsnd, id, edge + PAGE - 7, 0, 0)), show("two", id);
    R(SC(msgrcv, id, edge + PAGE - 8, 4, 0, 0)), R(SC(msgrcv, id, edge + PAGE - 8, 4, 0, 0)), show("lost", id), R(put(id, 5, "abc", 0)), R(SC(msgrcv, id, BAD, 9, 0, 0)), show("lost", id);
    R(SC(msgrcv, id, &got, 10, 0, NOWAIT)), R(SC(msgrcv, id, &got, -1, 0, NOWAIT)), R(SC(msgrcv, -1, &got, 10, 0, NOWAIT)), R(SC(msgrcv, id + 1, &got, 10, 0, NOWAIT)), R(SC(msgrcv, id, BAD, 10, 0, NOWAIT));
    R(SC(msgctl, id, IPC_RMID, 0));
}
static void holds(void)
{
    int id = msgget(IPC_PRIVATE, 0600), n = 0;
    memset(sent.text, 'h', 8192), sent.type = 1;
    R(SC(msgsnd, id, &sent, 8192, 0)), R(SC(msgsnd, id, &sent, 8192, 0)), R(SC(msgsnd, id, &sent, 1, NOWAIT)), R(SC(msgsnd, id, &sent, 0, NOWAIT)), show("full", id);
    get("one", id, 8192, 0, 0), get("two", id, 20000, 0, 0), get("three", id, 8192, 0, 0), get("none", id, 8192, 0, NOWAIT), show("empty", id);
    // Empty ones count, too.
    R(limit(id, 5));
    while (SC(msgsnd, id, &sent, 0, NOWAIT) == 0)
        n++;
    say("%d empty ones, then %s", n, ename(errno)), show("full", id), R(limit(id, 6)), R(SC(msgsnd, id, &sent, 0, NOWAIT)), R(SC(msgsnd, id, &sent, 0, NOWAIT)), R(limit(id, 0)), get("one", id, 0, 0, 0), R(SC(msgsnd, id, &sent, 0, NOWAIT)), show("none fits", id);
    R(limit(id, 1ul << 32)), show("an int", id), R(limit(id, -1)), show("all", id), R(SC(msgsnd, id, &sent, 8192, NOWAIT)), R(SC(msgctl, id, IPC_RMID, 0));
    // In order.
    id = msgget(IPC_PRIVATE, 0600);
    char t[2] = "0";
    for (int i = 0; i < 6; i++)
        t[0] = '0' + i, put(id, 1 + i % 3, t, 0);
    for (int i = 0; i < 7; i++)
        get("next", id, 5, 0, NOWAIT);
    pid_t c;
    CHILD(c) { R(put(id, 1, "child", 0)), show("child", id); }
    reap("child", c), show("parent", id);
    CHILD(c) { get("child", id, 100, 0, 0); }
    reap("child", c), show("parent", id), R(SC(msgctl, id, IPC_RMID, 0));
}
static void test(void) { keys(), sizes(), holds(); }
