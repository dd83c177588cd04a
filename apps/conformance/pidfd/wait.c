// SPDX-License-Identifier: MPL-2.0
// waitid by pidfds, of those that do not block too; readiness of pidfds by poll and epoll before and after the end and the wait.
// Covers: pidfd_open waitid poll
#include <sys/epoll.h>
#include "../conf.h"
static void ready(const char *what, int fd)
{
    struct pollfd p = {fd, POLLIN | POLLOUT | POLLRDNORM, 0};
    int n = poll(&p, 1, 0);
    say("%s: %d %#x", what, n, p.revents);
}
static void test(void)
{
    siginfo_t i;
    struct gate g = gate_make();
    struct epoll_event e = {.events = EPOLLIN, .data.u32 = 7}, out;
    int null = open("/dev/null", O_RDONLY), ep = epoll_create1(0);
    pid_t c;
    R(SC(waitid, 3, -1, &i, WEXITED, 0));
    R(SC(waitid, 3, 99, &i, WEXITED, 0));
    R(SC(waitid, 3, null, &i, WEXITED, 0));
    int self = SC(pidfd_open, getpid(), 0);
    R(SC(waitid, 3, self, &i, WEXITED, 0));
    ready("self", self);
    CHILD(c) { gate_wait(g); _exit(3); }
    int fd = SC(pidfd_open, c, 0), non = SC(pidfd_open, c, O_NONBLOCK);
    R(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
    R(epoll_wait(ep, &out, 1, 0));
    ready("alive", fd);
    memset(&i, 1, sizeof i);
    R(SC(waitid, 3, non, &i, WEXITED, 0));
    say("record: %d %d", i.si_signo, i.si_pid);
    R(SC(waitid, 3, non, &i, WEXITED | WNOHANG, 0));
    R(SC(waitid, 3, fd, &i, WEXITED | WNOHANG, 0));
    R(SC(waitid, 3, fd, &i, 0, 0));
    gate_open(g);
    R(epoll_wait(ep, &out, 1, -1));
    say("events %#x data %u", out.events, out.data.u32);
    ready("zombie", fd);
    R(SC(waitid, 3, non, &i, WEXITED | WNOWAIT, 0));
    say("seen: %s %d right %d", cname(SIGCHLD, i.si_code), i.si_status, i.si_pid == c);
    R(SC(waitid, 3, fd, &i, WEXITED, 0));
    say("taken: %s %d right %d", cname(SIGCHLD, i.si_code), i.si_status, i.si_pid == c);
    ready("reaped", fd);
    R(epoll_wait(ep, &out, 1, -1));
    say("events %#x", out.events);
    R(SC(waitid, 3, fd, &i, WEXITED, 0));
    R(SC(waitid, 3, non, &i, WEXITED, 0));
}
