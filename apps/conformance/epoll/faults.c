// SPDX-License-Identifier: MPL-2.0
// Events that could not be written to the program's memory are not lost, of any kind.
// Covers: epoll_wait epoll_pwait epoll_ctl
#include "../conf.h"
#include <sys/epoll.h>
static int ep, p[3][2];
static struct epoll_event *last; // there is room for one only
static void watch(unsigned events)
{
    ep = epoll_create1(0);
    for (int i = 0; i < 3; i++) {
        struct epoll_event e = {.events = events, .data.u64 = 1ull << 40 | i};
        epoll_ctl(ep, EPOLL_CTL_ADD, p[i][0], &e);
    }
}
static void show(long n, struct epoll_event *e)
{
    for (int i = 0; i < n; i++)
        say("  %x of %d", e[i].events, (int)e[i].data.u64);
}
static void with(const char *what, unsigned events)
{
    struct epoll_event e[8];
    say("%s", what);
    watch(events);
    R(SC(epoll_wait, ep, BAD, 3, 0));
    show(R(SC(epoll_wait, ep, e, 3, 0)), e);
    R(SC(epoll_wait, ep, e, 3, 0));
    close(ep);
    // The second has no place any more: the first is told, the others are kept.
    watch(events);
    show(R(SC(epoll_wait, ep, last, 3, 0)), last);
    show(R(SC(epoll_wait, ep, e, 3, 0)), e);
    close(ep);
    // Modified since: as if it were new.
    watch(events);
    R(SC(epoll_pwait, ep, BAD, 1, 0, 0, 8));
    struct epoll_event n = {.events = EPOLLOUT | (events & ~EPOLLIN), .data.u64 = 7};
    R(epoll_ctl(ep, EPOLL_CTL_MOD, p[0][0], &n)), R(epoll_ctl(ep, EPOLL_CTL_DEL, p[1][0], 0));
    show(R(SC(epoll_wait, ep, e, 3, 0)), e);
    close(ep);
}
static void test(void)
{
    char *m = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(m + PAGE, PAGE);
    last = (struct epoll_event *)(m + PAGE - sizeof *last);
    for (int i = 0; i < 3; i++)
        pipe(p[i]), write(p[i][1], "x", 1);
    with("level", EPOLLIN);
    with("edge", EPOLLIN | EPOLLET);
    with("one shot", EPOLLIN | EPOLLONESHOT);
}
