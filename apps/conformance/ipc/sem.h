// SPDX-License-Identifier: MPL-2.0
// Helpers of the conformance programs of semaphores. Children that wait say which number they are only by what a semaphore, a pipe
// or a wait status shows, so that the order of lines is fixed.
#pragma once
#include "../conf.h"
#include <sys/ipc.h>
#include <sys/sem.h>
#define UNDO 0x1000
#define NOWAIT 04000
#define OPS(...) (struct sembuf[]){__VA_ARGS__}
#define SEMOP(id, ...) SOP(id, OPS(__VA_ARGS__), sizeof OPS(__VA_ARGS__) / sizeof(struct sembuf))
// The macros of conf.h for expressions with operations in braces.
#undef R
#undef INTR
#undef RESTART
#define R(...) (errno = 0, show_result(#__VA_ARGS__, (long)(__VA_ARGS__)))
#define INTR(...) ({ alarms_on(0, 0); errno = 0; long r_ = (long)(__VA_ARGS__); int e_ = errno; alarms_off(); \
    show_intr("a signal", #__VA_ARGS__, r_, e_); })
#define RESTART(hook, ...) ({ alarms_on(SA_RESTART, hook); errno = 0; long r_ = (long)(__VA_ARGS__); int e_ = errno; \
    alarms_off(); show_intr("SA_RESTART", #__VA_ARGS__, r_, e_); })
enum { kSemStatAny = 20 };
__attribute__((unused)) static long SOP(long id, struct sembuf *ops, long n) { return SC(semop, id, ops, n); }
__attribute__((unused)) static long TIMED(long id, struct sembuf *ops, long n, void *timeout) { return SC(semtimedop, id, ops, n, timeout); }
// The values of all, how many wait for more and for zero.
__attribute__((unused)) static void values(const char *what, int id, int n)
{
    char b[400];
    int o = 0;
    for (int i = 0; i < n; i++)
        o += sprintf(b + o, " %ld(%ld,%ld)", SC(semctl, id, i, GETVAL, 0), SC(semctl, id, i, GETNCNT, 0), SC(semctl, id, i, GETZCNT, 0));
    say("%s:%s", what, b);
}
// A child that makes the operations and exits with 0 or the errno.
__attribute__((unused)) static pid_t doing(int id, struct sembuf *ops, int n)
{
    pid_t p = fork();
    if (p == 0)
        _exit(SOP(id, ops, n) ? errno : 0);
    await_state(p, 0, 'S');
    return p;
}
#define DOING(id, ...) doing(id, OPS(__VA_ARGS__), sizeof OPS(__VA_ARGS__) / sizeof(struct sembuf))
// How it ended.
__attribute__((unused)) static void done(const char *who, pid_t p)
{
    int st = 0;
    while (waitpid(p, &st, 0) == -1 && errno == EINTR) {}
    if (WIFEXITED(st))
        say("%s: %s", who, WEXITSTATUS(st) ? ename(WEXITSTATUS(st)) : "done");
    else
        say("%s: %s", who, status_text(st));
}
// Whether it still waits.
__attribute__((unused)) static void waits(const char *who, pid_t p)
{
    siginfo_t i;
    memset(&i, 0, sizeof i);
    waitid(P_PID, p, &i, WEXITED | WNOHANG | WNOWAIT);
    say("%s: %s", who, i.si_pid == p ? "ended" : "waits");
}
