// SPDX-License-Identifier: MPL-2.0
// epoll sets in epoll sets, in poll; loops and depth; order and fairness; exclusive wake-up flags.
// Covers: epoll_ctl poll
#include "../conf.h"
#include <poll.h>
#include <sys/epoll.h>
static int add(int ep, int fd, unsigned events, int id)
{
    struct epoll_event e = {.events = events, .data.u64 = id};
    return SC(epoll_ctl, ep, EPOLL_CTL_ADD, fd, &e);
}
static void test(void)
{
    int a = epoll_create1(0), b = epoll_create1(0), c = epoll_create1(0), p[2];
    struct epoll_event e[8];
    struct pollfd f = {a, POLLIN, 0};
    pipe(p);
    R(add(a, b, EPOLLIN, 1)), R(add(b, c, EPOLLIN, 2)), R(add(c, p[0], EPOLLIN, 3));
    R(epoll_wait(a, e, 8, 0)), R(poll(&f, 1, 0));
    write(p[1], "x", 1);
    R(epoll_wait(a, e, 8, 0)), V(e[0].data.u64), R(poll(&f, 1, 0)), V(f.revents == POLLIN);
    R(epoll_wait(b, e, 8, 0)), V(e[0].data.u64);
    char x;
    read(p[0], &x, 1);
    R(epoll_wait(a, e, 8, 0)), R(poll(&f, 1, 0));
    // Loops are refused, also long ones; so is too deep a nesting.
    R(add(c, a, EPOLLIN, 4)), R(add(b, a, EPOLLIN, 4)), R(add(a, a, EPOLLIN, 4));
    int last = a, depth = 2;
    for (int n; (n = epoll_create1(0)) >= 0 && add(n, last, EPOLLIN, 9) == 0 && depth < 20; depth++)
        last = n;
    say("depth %d then %s", depth, ename(errno));
    // A waiting outer set is woken by the innermost.
    pid_t k;
    CHILD(k) { await_state(getppid(), 0, 'S'); write(p[1], "x", 1); }
    R(epoll_wait(a, e, 8, -1));
    waitpid(k, 0, 0), read(p[0], &x, 1);
    // Ready ones take turns when there is room for one event only.
    int t = epoll_create1(0), q[4][2], seen[4] = {0};
    for (int i = 0; i < 4; i++)
        pipe(q[i]), add(t, q[i][0], EPOLLIN, i), write(q[i][1], "x", 1);
    for (int i = 0; i < 8; i++)
        if (epoll_wait(t, e, 1, 0) == 1)
            seen[e[0].data.u64]++;
    say("turns %d %d %d %d", seen[0], seen[1], seen[2], seen[3]);
    // In the order in which they became ready
    for (int i = 0; i < 4; i++)
        read(q[i][0], &x, 1);
    epoll_wait(t, e, 8, 0);
    int order[] = {2, 0, 3, 1};
    for (int i = 0; i < 4; i++)
        write(q[order[i]][1], "x", 1);
    R(epoll_wait(t, e, 8, 0)), say("order %d %d %d %d", (int)e[0].data.u64, (int)e[1].data.u64, (int)e[2].data.u64, (int)e[3].data.u64);
    // EPOLLEXCLUSIVE may not be changed later, nor be used with one-shot.
    int x1 = epoll_create1(0);
    R(add(x1, q[0][0], EPOLLIN | EPOLLEXCLUSIVE, 0));
    struct epoll_event m = {.events = EPOLLIN};
    R(SC(epoll_ctl, x1, EPOLL_CTL_MOD, q[0][0], &m));
    R(add(x1, q[1][0], EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT, 0));
    m.events = EPOLLIN | EPOLLEXCLUSIVE;
    R(add(x1, q[1][0], EPOLLIN, 0)), R(SC(epoll_ctl, x1, EPOLL_CTL_MOD, q[1][0], &m));
    R(add(x1, a, EPOLLIN | EPOLLEXCLUSIVE, 0));
    // A set survives its members and its own descriptor number.
    int d = dup(t);
    close(t), R(epoll_wait(d, e, 8, 0));
    for (int i = 0; i < 4; i++)
        close(q[i][0]);
    close(x1), R(epoll_wait(d, e, 8, 0));
}
