// SPDX-License-Identifier: MPL-2.0
// Waiting in epoll_wait: timeouts, signals, masks, wake-ups by other processes and threads, one event for one waiter.
// Covers: epoll_wait epoll_pwait epoll_pwait2
#include "../conf.h"
#include <pthread.h>
#include <sys/epoll.h>
static int ep, p[2], woken;
static void nothing(int s) { (void)s; }
static void *waiter(void *a)
{
    struct epoll_event e;
    int r = SC(epoll_wait, ep, &e, 1, 300);
    __atomic_add_fetch(&woken, r == 1, __ATOMIC_SEQ_CST);
    return a;
}
static void threads(const char *what, unsigned events)
{
    struct epoll_event e = {.events = events};
    pthread_t t[4];
    char b[10];
    woken = 0;
    epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e);
    for (int i = 0; i < 4; i++)
        pthread_create(&t[i], 0, waiter, 0);
    nap(100);
    write(p[1], "x", 1);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], 0);
    say("%s: %s", what, woken == 1 ? "one woken" : woken == 4 ? "all woken" : "some woken");
    read(p[0], b, 10);
}
static void test(void)
{
    struct epoll_event e = {.events = EPOLLIN};
    struct timespec ts = {0, 20000000}, bad = {0, -1};
    ep = epoll_create1(0), pipe(p);
    epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e);
    long long t = now_ns();
    R(SC(epoll_wait, ep, &e, 1, 30)), say("waited %d", now_ns() - t >= 30000000);
    t = now_ns();
    R(SC(epoll_pwait2, ep, &e, 1, &ts, 0, 8)), say("waited %d", now_ns() - t >= 20000000);
    R(SC(epoll_pwait2, ep, &e, 1, &bad, 0, 8)), R(SC(epoll_pwait2, ep, &e, 1, BAD, 0, 8));
    INTR(SC(epoll_wait, ep, &e, 1, -1));
    INTR(SC(epoll_pwait, ep, &e, 1, 50000, 0, 8)), INTR(SC(epoll_pwait2, ep, &e, 1, 0, 0, 8));
    pid_t c;
    CHILD(c) { await_state(getppid(), 0, 'S'); write(p[1], "x", 1); }
    R(SC(epoll_wait, ep, &e, 1, -1)), X(e.events);
    waitpid(c, 0, 0);
    char b[10];
    read(p[0], b, 10);
    // A mask during the call: the pending signal comes in.
    on(SIGUSR1, nothing, 0);
    sigset_t s;
    unsigned long none = 0, usr1 = 1ul << (SIGUSR1 - 1);
    sigemptyset(&s), sigaddset(&s, SIGUSR1), sigprocmask(SIG_BLOCK, &s, 0), raise(SIGUSR1);
    R(SC(epoll_pwait, ep, &e, 1, -1, &none, 8));
    sigprocmask(0, 0, &s), V(sigismember(&s, SIGUSR1));
    raise(SIGUSR1);
    R(SC(epoll_pwait, ep, &e, 1, 10, &usr1, 8));
    // Something added while somebody waits
    int q[2];
    pipe(q), write(q[1], "x", 1);
    CHILD(c) { await_state(getppid(), 0, 'S'); struct epoll_event n = {.events = EPOLLIN, .data.u32 = 7}; epoll_ctl(ep, EPOLL_CTL_ADD, q[0], &n); }
    R(SC(epoll_wait, ep, &e, 1, -1)), V(e.data.u32);
    waitpid(c, 0, 0);
    R(epoll_ctl(ep, EPOLL_CTL_DEL, q[0], 0)); // the set is shared over fork
    // Threads
    threads("edge triggered", EPOLLIN | EPOLLET);
    threads("one shot", EPOLLIN | EPOLLONESHOT);
}
