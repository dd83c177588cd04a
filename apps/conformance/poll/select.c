// SPDX-License-Identifier: MPL-2.0
// select and pselect6: sets in and out, timeouts, high descriptors, masks, errors in order.
// Covers: select pselect6
#include "../conf.h"
#include <sys/select.h>
#define ZERO(s) memset(&s, 0, sizeof s)
static fd_set r, w, e;
static void sets(int a, int b)
{
    ZERO(r), ZERO(w), ZERO(e);
    FD_SET(a, &r), FD_SET(b, &r), FD_SET(a, &w), FD_SET(b, &w), FD_SET(a, &e);
}
static void show(int a, int b)
{
    say("  read %d %d write %d %d except %d", !!FD_ISSET(a, &r), !!FD_ISSET(b, &r), !!FD_ISSET(a, &w), !!FD_ISSET(b, &w), !!FD_ISSET(a, &e));
}
static void nothing(int s) { (void)s; }
static void test(void)
{
    int p[2], q[2];
    struct timeval tv = {0, 0};
    pipe(p), pipe(q);
    sets(p[0], p[1]), R(SC(select, 64, &r, &w, &e, &tv)), show(p[0], p[1]);
    write(p[1], "x", 1);
    sets(p[0], p[1]), R(SC(select, 64, &r, &w, &e, &tv)), show(p[0], p[1]);
    sets(p[0], p[1]), R(SC(select, 3, &r, &w, &e, &tv)), show(p[0], p[1]); // those beyond n are not looked at
    close(p[1]);
    ZERO(r), FD_SET(p[0], &r), R(SC(select, 64, &r, 0, 0, &tv)), R(FD_ISSET(p[0], &r) != 0);
    char c;
    read(p[0], &c, 1);
    ZERO(r), FD_SET(p[0], &r), R(SC(select, 64, &r, 0, 0, &tv)), R(FD_ISSET(p[0], &r) != 0);
    ZERO(r), FD_SET(60, &r), R(SC(select, 64, &r, 0, 0, &tv));
    ZERO(r), FD_SET(q[0], &r);
    R(SC(select, -1, &r, 0, 0, &tv));
    R(SC(select, 64, BAD, 0, 0, &tv));
    R(SC(select, 64, 0, 0, 0, BAD));
    R(SC(select, 0, BAD, 0, 0, &tv));
    R(SC(select, 100000, &r, 0, 0, &tv)); // cut to what the table holds
    tv.tv_sec = -1, R(SC(select, 64, &r, 0, 0, &tv));
    tv = (struct timeval){0, -1}, R(SC(select, 64, &r, 0, 0, &tv));
    tv = (struct timeval){0, 1000000}, ZERO(r);
    long long t = now_ns();
    tv = (struct timeval){0, 30000}, R(SC(select, 0, 0, 0, 0, &tv));
    say("waited %d, left %ld", now_ns() - t >= 30000000, (long)tv.tv_usec);
    tv = (struct timeval){50, 0}, FD_SET(q[0], &r);
    INTR(SC(select, q[0] + 1, &r, 0, 0, &tv));
    say("left nearly all %d, set kept %d", tv.tv_sec >= 40, !!FD_ISSET(q[0], &r));
    INTR(SC(select, q[0] + 1, &r, 0, 0, 0));
    pid_t k;
    CHILD(k) { await_state(getppid(), 0, 'S'); write(q[1], "x", 1); }
    R(SC(select, q[0] + 1, &r, 0, 0, 0));
    waitpid(k, 0, 0);
    // A high descriptor
    R(dup2(q[0], 700) == 700);
    ZERO(r), FD_SET(700, &r), tv = (struct timeval){0, 0};
    R(SC(select, 701, &r, 0, 0, &tv)), R(FD_ISSET(700, &r) != 0);
    // pselect6
    struct timespec ts = {0, 0}, bad = {0, 1000000000};
    unsigned long none = 0, usr1 = 1ul << (SIGUSR1 - 1);
    struct { unsigned long *m; size_t n; } a = {&none, 8}, a4 = {&none, 4}, abad = {BAD, 8}, busy = {&usr1, 8}, null = {0, 8};
    ZERO(r), FD_SET(q[0], &r);
    R(SC(pselect6, 64, &r, 0, 0, &ts, 0)), R(SC(pselect6, 64, &r, 0, 0, &ts, &null));
    R(SC(pselect6, 64, &r, 0, 0, &bad, 0)), R(SC(pselect6, 64, &r, 0, 0, BAD, 0));
    R(SC(pselect6, 64, &r, 0, 0, &ts, &a4)), R(SC(pselect6, 64, &r, 0, 0, &ts, &abad)), R(SC(pselect6, 64, &r, 0, 0, &ts, BAD));
    on(SIGUSR1, nothing, SA_RESTART);
    sigset_t s;
    sigemptyset(&s), sigaddset(&s, SIGUSR1), sigprocmask(SIG_BLOCK, &s, 0), raise(SIGUSR1);
    ts.tv_sec = 10;
    ZERO(r);
    R(SC(pselect6, 0, &r, 0, 0, &ts, &a));
    sigprocmask(0, 0, &s), V(sigismember(&s, SIGUSR1));
    raise(SIGUSR1), ts = (struct timespec){0, 10000000};
    R(SC(pselect6, 0, 0, 0, 0, &ts, &busy));
}
