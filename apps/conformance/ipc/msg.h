// SPDX-License-Identifier: MPL-2.0
// Helpers of the conformance programs of message queues.
#pragma once
#include "../conf.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#define NOERR 010000
#define EXC 020000
#define COPY 040000
#define NOWAIT 04000
enum { kMsgStatAny = 13 };
struct m { long type; char text[20000]; };
static struct m sent, got;
__attribute__((unused)) static long put(int id, long type, const char *text, int flags)
{
    sent.type = type, strcpy(sent.text, text);
    return SC(msgsnd, id, &sent, strlen(text), flags);
}
// Receives and prints type, length and text.
__attribute__((unused)) static void get(const char *what, int id, long size, long type, int flags)
{
    memset(&got, 'z', sizeof got);
    long r = SC(msgrcv, id, &got, size, type, flags);
    if (r < 0)
        say("%s: %s", what, ename(errno));
    else
        say("%s: %ld bytes, type %ld, \"%.*s\"%s", what, r, got.type, (int)(r > 60 ? 60 : r), got.text, got.text[r] == 'z' ? "" : " and more");
}
__attribute__((unused)) static void show(const char *what, int id)
{
    struct msqid_ds d;
    memset(&d, 0x55, sizeof d);
    if (SC(msgctl, id, IPC_STAT, &d) == -1) { say("%s: %s", what, ename(errno)); return; }
    say("%s: %lu messages, %lu bytes of %lu, mode %o, last sender %d receiver %d, times %d%d%d", what, (unsigned long)d.msg_qnum, (unsigned long)d.msg_cbytes, (unsigned long)d.msg_qbytes, d.msg_perm.mode,
        d.msg_lspid == getpid() ? 1 : d.msg_lspid ? 2 : 0, d.msg_lrpid == getpid() ? 1 : d.msg_lrpid ? 2 : 0, d.msg_stime != 0, d.msg_rtime != 0, d.msg_ctime != 0);
}
__attribute__((unused)) static int limit(int id, unsigned long bytes)
{
    struct msqid_ds d;
    msgctl(id, IPC_STAT, &d), d.msg_qbytes = bytes;
    return msgctl(id, IPC_SET, &d);
}
// Children that send or receive and exit with 0 or the errno; a receiver that gets something exits with 100 and its first digit.
__attribute__((unused)) static pid_t sender(int id, long type, const char *text)
{
    pid_t p = fork();
    if (p == 0)
        _exit(put(id, type, text, 0) ? errno : 0);
    await_state(p, 0, 'S');
    return p;
}
__attribute__((unused)) static pid_t receiver(int id, long size, long type, int flags)
{
    pid_t p = fork();
    if (p == 0)
        _exit(SC(msgrcv, id, &got, size, type, flags) < 0 ? errno : 100 + got.text[0] - '0');
    await_state(p, 0, 'S');
    return p;
}
__attribute__((unused)) static void done(const char *who, pid_t p)
{
    int st = 0;
    while (waitpid(p, &st, 0) == -1 && errno == EINTR) {}
    if (!WIFEXITED(st))
        say("%s: %s", who, status_text(st));
    else if (WEXITSTATUS(st) >= 100)
        say("%s: got %d", who, WEXITSTATUS(st) - 100);
    else
        say("%s: %s", who, WEXITSTATUS(st) ? ename(WEXITSTATUS(st)) : "done");
}
__attribute__((unused)) static void waits(const char *who, pid_t p)
{
    siginfo_t i;
    memset(&i, 0, sizeof i);
    waitid(P_PID, p, &i, WEXITED | WNOHANG | WNOWAIT);
    say("%s: %s", who, i.si_pid == p ? "ended" : "waits");
}
