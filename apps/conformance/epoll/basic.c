// SPDX-License-Identifier: MPL-2.0
// epoll: adding, changing and removing, level and edge triggering, one-shot, events of pipes, errors in order.
// Covers: epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
#include "../conf.h"
#include <sys/epoll.h>
static int ep;
static void show(const char *what)
{
    struct epoll_event e[10];
    int n = SC(epoll_wait, ep, e, 10, 0);
    char b[200] = "";
    unsigned sum[64] = {0};
    for (int i = 0; i < n; i++)
        sum[e[i].data.u64 & 63] = e[i].events;
    for (int i = 0; i < 64; i++)
        if (sum[i])
            sprintf(b + strlen(b), " %d:%s%s%s%s%s", i, sum[i] & EPOLLIN ? "I" : "", sum[i] & EPOLLOUT ? "O" : "",
                    sum[i] & EPOLLERR ? "E" : "", sum[i] & EPOLLHUP ? "H" : "", sum[i] & EPOLLPRI ? "P" : "");
    say("%s: %d%s", what, n, b);
}
static struct epoll_event *ev(unsigned events, int id)
{
    static struct epoll_event e;
    e.events = events, e.data.u64 = id;
    return &e;
}
static void test(void)
{
    int p[2], q[2];
    char b[100];
    R(SC(epoll_create, 0)), R(SC(epoll_create, -1));
    OK(SC(epoll_create, 1));
    R(SC(epoll_create1, 1));
    ep = SC(epoll_create1, EPOLL_CLOEXEC);
    R(fcntl(ep, F_GETFD));
    pipe(p), pipe(q);
    R(SC(epoll_ctl, ep, EPOLL_CTL_ADD, p[0], ev(EPOLLIN, 1)));
    R(SC(epoll_ctl, ep, EPOLL_CTL_ADD, p[1], ev(EPOLLOUT, 2)));
    R(SC(epoll_ctl, ep, EPOLL_CTL_ADD, p[0], ev(EPOLLIN, 1)));
    R(SC(epoll_ctl, ep, EPOLL_CTL_MOD, q[0], ev(EPOLLIN, 1)));
    R(SC(epoll_ctl, ep, EPOLL_CTL_DEL, q[0], 0));
    R(SC(epoll_ctl, ep, EPOLL_CTL_ADD, 99, ev(EPOLLIN, 1)));
    R(SC(epoll_ctl, 99, EPOLL_CTL_ADD, p[0], ev(EPOLLIN, 1)));
    R(SC(epoll_ctl, p[0], EPOLL_CTL_ADD, p[1], ev(EPOLLIN, 1)));
    R(SC(epoll_ctl, ep, EPOLL_CTL_ADD, ep, ev(EPOLLIN, 1)));
    R(SC(epoll_ctl, ep, 9, p[0], ev(EPOLLIN, 1)));
    R(SC(epoll_ctl, ep, EPOLL_CTL_ADD, q[0], BAD));
    R(SC(epoll_ctl, 99, EPOLL_CTL_ADD, q[0], BAD));
    R(SC(epoll_ctl, ep, EPOLL_CTL_ADD, open("f", O_RDWR | O_CREAT, 0644), ev(EPOLLIN, 1)));
    R(SC(epoll_ctl, ep, EPOLL_CTL_ADD, open(".", O_RDONLY), ev(EPOLLIN, 1)));
    R(SC(epoll_ctl, ep, EPOLL_CTL_ADD, open("/dev/null", O_RDONLY), ev(EPOLLIN, 1)));
    show("empty pipe"), show("again (level)");
    write(p[1], "x", 1), show("a byte"), show("again (level)");
    read(p[0], b, 1), show("taken");
    R(SC(epoll_ctl, ep, EPOLL_CTL_MOD, p[1], ev(0, 2))), show("no event asked");
    R(SC(epoll_ctl, ep, EPOLL_CTL_MOD, p[0], ev(EPOLLIN | EPOLLET, 1)));
    write(p[1], "x", 1), show("edge"), show("not again");
    write(p[1], "y", 1), show("a new write");
    read(p[0], b, 1), show("after a partial read");
    SC(epoll_ctl, ep, EPOLL_CTL_MOD, p[0], ev(EPOLLIN | EPOLLET, 1)), show("changed while ready");
    R(SC(epoll_ctl, ep, EPOLL_CTL_MOD, p[0], ev(EPOLLIN | EPOLLONESHOT, 1)));
    show("one shot"), show("not again");
    write(p[1], "z", 1), show("not even with more data");
    SC(epoll_ctl, ep, EPOLL_CTL_MOD, p[0], ev(EPOLLIN | EPOLLONESHOT, 1)), show("armed again");
    read(p[0], b, 100);
    SC(epoll_ctl, ep, EPOLL_CTL_MOD, p[0], ev(EPOLLIN, 1));
    // Closing: the registration ends with the last descriptor of the open file.
    int d = dup(q[0]);
    SC(epoll_ctl, ep, EPOLL_CTL_ADD, q[0], ev(EPOLLIN, 3));
    write(q[1], "x", 1), close(q[0]), show("descriptor closed, file still open");
    R(SC(epoll_ctl, ep, EPOLL_CTL_DEL, q[0], 0));
    close(d), show("file closed");
    close(p[1]), show("writer gone");
    pipe(q), SC(epoll_ctl, ep, EPOLL_CTL_ADD, q[1], ev(0, 4)), close(q[0]), show("reader gone");
    // The same file under two numbers
    pipe(q), d = dup(q[1]);
    R(SC(epoll_ctl, ep, EPOLL_CTL_ADD, q[1], ev(EPOLLOUT, 5)));
    R(SC(epoll_ctl, ep, EPOLL_CTL_ADD, d, ev(EPOLLOUT, 6)));
    show("both");
    struct epoll_event e[4];
    R(SC(epoll_wait, ep, e, 0, 0)), R(SC(epoll_wait, ep, e, -1, 0)), R(SC(epoll_wait, 99, e, 1, 0)), R(SC(epoll_wait, q[1], e, 1, 0));
    R(SC(epoll_wait, ep, BAD, 1, 0));
    R(SC(epoll_wait, ep, e, 2, 0));
    unsigned long none = 0;
    R(SC(epoll_pwait, ep, e, 1, 0, &none, 8)), R(SC(epoll_pwait, ep, e, 1, 0, &none, 4)), R(SC(epoll_pwait, ep, e, 1, 0, BAD, 8));
}
