// SPDX-License-Identifier: MPL-2.0
// One loop over everything: eventfd, timerfd, signalfd, pipe, memfd and a child, all in one epoll set.
// Covers: eventfd2 timerfd_create epoll_ctl
#include "../conf.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
static int ep;
static void add(int fd, int id, unsigned events)
{
    struct epoll_event e = {.events = events, .data.u32 = id};
    char t[32];
    sprintf(t, "add %d", id);
    RT(t, epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
}
static void test(void)
{
    sigset_t s;
    sigemptyset(&s), sigaddset(&s, SIGCHLD), sigaddset(&s, SIGUSR1), sigprocmask(SIG_BLOCK, &s, 0);
    ep = epoll_create1(0);
    int ev = eventfd(0, EFD_NONBLOCK), tm = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), sg = signalfd(-1, &s, SFD_NONBLOCK), p[2];
    pipe2(p, O_NONBLOCK);
    add(ev, 1, EPOLLIN), add(tm, 2, EPOLLIN), add(sg, 3, EPOLLIN), add(p[0], 4, EPOLLIN), add(SC(memfd_create, "m", 0), 5, EPOLLIN);
    struct itimerspec t = {{0, 5000000}, {0, 5000000}};
    pid_t parent = getpid(), c;
    CHILD(c) {
        for (uint64_t i = 1; i <= 10; i++)
            write(ev, &i, 8), write(p[1], "0123456789", i), kill(parent, SIGUSR1), sched_yield();
        close(p[1]);
    }
    close(p[1]);
    timerfd_settime(tm, 0, &t, 0);
    long sum = 0, bytes = 0, usr = 0, chld = 0, ticks = 0, eof = 0;
    while (!eof || !chld || ticks < 5) {
        struct epoll_event e[8];
        int n = epoll_wait(ep, e, 8, 5000);
        if (n <= 0) {
            say("epoll_wait %d", n);
            break;
        }
        for (int i = 0; i < n; i++) {
            uint64_t v;
            char b[100];
            struct signalfd_siginfo si;
            switch (e[i].data.u32) {
            case 1: if (read(ev, &v, 8) == 8) sum += v; break;
            case 2: if (read(tm, &v, 8) == 8) ticks += v; break;
            case 3:
                while (read(sg, &si, sizeof si) == sizeof si)
                    si.ssi_signo == SIGCHLD ? chld++ : usr++;
                break;
            case 4: {
                long r = read(p[0], b, 100);
                if (r > 0)
                    bytes += r;
                else if (r == 0)
                    eof = 1, epoll_ctl(ep, EPOLL_CTL_DEL, p[0], 0);
                break;
            }
            }
        }
    }
    say("sum %ld bytes %ld end %ld", sum, bytes, eof);
    say("USR1 between 1 and 10: %d, SIGCHLD %ld, ticks at least 5: %d", usr >= 1 && usr <= 10, chld, ticks >= 5);
    reap("child", c);
}
