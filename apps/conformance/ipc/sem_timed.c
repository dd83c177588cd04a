// SPDX-License-Identifier: MPL-2.0
// Waiting for a semaphore that a deadline, a signal or a kill ends.
// Covers: semtimedop semop semctl
#include "sem.h"
static int id;
static void give(int n)
{
    if (n == 3)
        SOP(id, OPS({0, 1, 0}), 1);
}
static void test(void)
{
    struct timespec none = {0, 0}, soon = {0, 20000000}, long_ = {1000, 0}, bad[] = {{-1, 0}, {0, -1}, {0, 1000000000}};
    id = semget(IPC_PRIVATE, 2, 0600);
    R(TIMED(id, OPS({0, -1, 0}), 1, &none)), R(TIMED(id, OPS({0, 1, 0}), 1, &none)), R(TIMED(id, OPS({0, -1, 0}), 1, &none)), R(TIMED(id, OPS({0, 0, 0}), 1, &soon)), R(TIMED(id, OPS({0, 1, 0}), 1, 0)), R(TIMED(id, OPS({0, 0, 0}), 1, &soon));
    long long from = now_ns();
    R(TIMED(id, OPS({0, -2, 0}), 1, &soon)), V(now_ns() - from >= 20000000), values("nobody waits", id, 2);
    for (int i = 0; i < 3; i++)
        R(TIMED(id, OPS({0, 1, 0}), 1, &bad[i]));
    R(TIMED(id, OPS({0, 1, 0}), 1, BAD)), R(TIMED(id, BAD, 1, &none)), R(TIMED(id, OPS({0, 1, 0}), 0, &none)), R(TIMED(id, OPS({0, 1, 0}), 501, BAD)), R(TIMED(id, OPS({0, 1, 0}), 501, &bad[0])), R(TIMED(id, OPS({5, 1, 0}), 1, &bad[0])), R(TIMED(id, OPS({5, 1, 0}), 1, &none)), R(TIMED(-1, OPS({0, 1, 0}), 1, &none));
    // A child that gives it in time.
    pid_t c;
    semctl(id, 0, SETVAL, 0);
    CHILD(c) { await_state(getppid(), 0, 'S'), SOP(id, OPS({0, 2, 0}), 1); }
    R(TIMED(id, OPS({0, -2, 0}), 1, &long_)), reap("giver", c);
    // Signals: never started again.
    INTR(SOP(id, OPS({0, -1, 0}), 1)), INTR(TIMED(id, OPS({0, -1, 0}), 1, &long_)), values("nobody waits", id, 2);
    RESTART(give, SOP(id, OPS({0, -1, 0}), 1)), RESTART(give, TIMED(id, OPS({0, -1, 0}), 1, &long_));
    INTR(SOP(id, OPS({0, -1, 0}, {1, 0, 0}), 2)), semctl(id, 0, SETVAL, 1), INTR(SOP(id, OPS({0, 0, 0}), 1)), values("nobody waits", id, 2);
    // A signal without a handler: a stop and going on end it, too.
    semctl(id, 0, SETVAL, 0), c = DOING(id, {0, -1, 0}), kill(c, SIGSTOP);
    int st;
    waitpid(c, &st, WUNTRACED), say("%s", status_text(st)), kill(c, SIGCONT), done("stopped", c);
    // Killed, it does not count any more.
    c = DOING(id, {0, -1, 0}, {1, -1, 0}), values("one waits", id, 2), kill(c, SIGKILL), done("killed", c), values("nobody waits", id, 2), R(SEMOP(id, {0, 1, 0}));
    CHILD(c) { signal(SIGALRM, SIG_DFL), alarm(1), SOP(id, OPS({1, -1, 0}), 1); }
    done("alarm", c), values("nobody waits", id, 2), R(SC(semctl, id, 0, IPC_RMID, 0));
}
