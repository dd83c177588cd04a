// SPDX-License-Identifier: MPL-2.0
// What poll and epoll say about sockets in each state, and when epoll tells again.
// Covers: socketpair connect
#include "sock.h"
#include <sys/epoll.h>
static int ep;
static void edge(const char *what)
{
    struct epoll_event e[4];
    int n = epoll_wait(ep, e, 4, 0);
    say("%s: %d %#x", what, n, n > 0 ? e[0].events : 0);
}
static void test(void)
{
    char b[10];
    const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    static char big[300000];
    for (int i = 0; i < 3; i++) {
        int s[2], u = socket(AF_UNIX, types[i], 0);
        say("== type %d", types[i]), X(events(u)), bind_to(u, "p"), X(events(u)), listen(u, 1), X(events(u)), close(u), unlink("p");
        socketpair(AF_UNIX, types[i], 0, s), X(events(s[0])), ep = epoll_create1(0);
        struct epoll_event e = {EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {0}};
        R(epoll_ctl(ep, EPOLL_CTL_ADD, s[0], &e)), edge("new"), edge("again"), write(s[1], "x", 1), edge("written"), edge("again"), write(s[1], "y", 1), edge("more"), read(s[0], b, 1), edge("read one"), read(s[0], b, 1), edge("read all");
        fcntl(s[0], F_SETFL, O_NONBLOCK);
        while (write(s[0], big, types[i] == SOCK_STREAM ? sizeof big : 10000) > 0) {}
        X(events(s[0])), X(events(s[1])), edge("full");
        while (recv(s[1], big, sizeof big, MSG_DONTWAIT) > 0) {}
        X(events(s[0])), edge("drained"), shutdown(s[1], SHUT_WR), X(events(s[0])), edge("half shut"), close(s[1]), X(events(s[0])), edge("closed"), close(s[0]), close(ep);
    }
    int l = listener(SOCK_STREAM, "srv", 2), c = socket(AF_UNIX, SOCK_STREAM, 0);
    struct epoll_event e = {EPOLLIN | EPOLLET, {0}};
    ep = epoll_create1(0), epoll_ctl(ep, EPOLL_CTL_ADD, l, &e), edge("listening"), connect_to(c, "srv"), edge("one waits"), X(events(l)), edge("again"), close(accept(l, 0, 0)), edge("accepted"), X(events(l)), X(events(c));
    pid_t p;
    struct pollfd f = {l, POLLIN, 0};
    CHILD(p) { R(poll(&f, 1, 10000)), X(f.revents); }
    await_state(p, 0, 'S'), c = socket(AF_UNIX, SOCK_STREAM, 0), connect_to(c, "srv"), reap("poller", p);
}
