// SPDX-License-Identifier: MPL-2.0
// Receivers that wait for a message and senders that wait for room: who gets what, in which order, signals, removal, changed rights.
// Covers: msgrcv msgsnd msgctl
#include "msg.h"
static int id;
static void receivers(void)
{
    id = msgget(IPC_PRIVATE, 0600);
    pid_t a = receiver(id, 10, 0, 0), b = receiver(id, 10, 5, 0), c = receiver(id, 10, 0, 0);
    R(put(id, 1, "1", 0)), done("first", a), R(put(id, 5, "2", 0)), done("of five", b), R(put(id, 5, "3", 0)), done("third", c), show("empty", id);
    a = receiver(id, 10, -3, 0), b = receiver(id, 10, 4, EXC), R(put(id, 4, "4", 0)), show("nobody's", id), R(put(id, 5, "5", 0)), done("not four", b), R(put(id, 3, "6", 0)), done("up to three", a), get("left", id, 10, 0, 0);
    // Too little room: it learns that and the next one gets it.
    a = receiver(id, 2, 0, 0), b = receiver(id, 2, 0, NOERR), c = receiver(id, 20, 0, 0), R(put(id, 1, "7 and more", 0)), done("short", a), done("cut", b), waits("third", c), R(put(id, 1, "8 and more", 0)), done("third", c), show("empty", id);
    a = receiver(id, 2, 0, 0), R(put(id, 1, "a long one", 0)), done("short", a), show("stays", id), get("it", id, 20, 0, 0);
    a = receiver(id, 2, 0, 0), b = receiver(id, 2, 9, 0), R(SC(msgctl, id, IPC_RMID, 0)), done("removed", a), done("removed", b);
}
static void senders(void)
{
    id = msgget(IPC_PRIVATE, 0600), R(limit(id, 10)), R(put(id, 1, "0 four five", NOWAIT)), R(put(id, 1, "0 filling.", 0));
    // Room for all three; who of them comes in first is not said.
    pid_t a = sender(id, 1, "1 longer"), b = sender(id, 2, "2"), c = sender(id, 3, "3");
    show("full", id), get("0", id, 20, 0, 0), done("first", a), done("second", b), done("third", c), show("three in", id);
    a = sender(id, 4, "4"), waits("fourth", a), get("1", id, 20, 1, 0), done("fourth", a), get("2", id, 20, 2, 0), get("3", id, 20, 3, 0), get("4", id, 20, 4, 0), show("empty", id);
    // A larger queue lets them in.
    R(put(id, 1, "0 filling.", 0)), a = sender(id, 1, "1"), R(limit(id, 11)), done("first", a), b = sender(id, 1, "2"), waits("second", b), show("eleven", id), R(limit(id, 100)), done("second", b);
    R(limit(id, 12)), a = sender(id, 1, "3"), R(SC(msgctl, id, IPC_RMID, 0)), done("removed", a);
}
static void signals(void)
{
    id = msgget(IPC_PRIVATE, 0600);
    INTR(SC(msgrcv, id, &got, 10, 0, 0)), RESTART(0, SC(msgrcv, id, &got, 10, 7, 0));
    R(limit(id, 10)), R(put(id, 1, "0 filling.", 0)), sent.type = 1, INTR(SC(msgsnd, id, &sent, 5, 0)), RESTART(0, SC(msgsnd, id, &sent, 5, 0)), show("one", id);
    // A stop, without a handler: they go on waiting.
    int st;
    pid_t a = sender(id, 1, "1"), b = receiver(id, 10, 3, 0);
    kill(a, SIGSTOP), kill(b, SIGSTOP), waitpid(a, &st, WUNTRACED), say("%s", status_text(st)), waitpid(b, &st, WUNTRACED), say("%s", status_text(st));
    kill(a, SIGCONT), kill(b, SIGCONT), await_state(a, 0, 'S'), await_state(b, 0, 'S'), waits("sender", a), waits("receiver", b), get("0", id, 20, 0, 0), done("sender", a), get("1", id, 20, 0, 0), R(put(id, 3, "3", 0)), done("receiver", b);
    // Killed, they are no more.
    a = receiver(id, 10, 0, 0), kill(a, SIGKILL), done("killed", a), R(put(id, 1, "0 filling.", 0)), a = sender(id, 1, "1"), kill(a, SIGKILL), done("killed", a), get("0", id, 20, 0, 0), show("empty", id);
    R(SC(msgctl, id, IPC_RMID, 0));
}
static int wanted_type;
static void waiter(void) { say("%s", SC(msgrcv, id, &got, 10, wanted_type, 0) < 0 ? ename(errno) : got.text); }
static void rights(void)
{
    struct msqid_ds d;
    id = msgget(IPC_PRIVATE, 0666), wanted_type = 1;
    pid_t c = fork();
    if (c == 0) {
        setgid(1000), setuid(1000), waiter();
        _exit(0);
    }
    await_state(c, 0, 'S'), msgctl(id, IPC_STAT, &d), d.msg_perm.mode = 0644, R(SC(msgctl, id, IPC_SET, &d)), await_state(c, 0, 'S'), waits("may read", c), d.msg_perm.mode = 0600;
    int r = SC(msgctl, id, IPC_SET, &d); // its answer comes from then on
    reap("may not", c), V(r), R(SC(msgctl, id, IPC_RMID, 0));
}
static void test(void) { receivers(), senders(), signals(), rights(); }
