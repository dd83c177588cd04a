// SPDX-License-Identifier: MPL-2.0
// Descriptors with high numbers, and thousands of them: dup2, F_DUPFD, fork, close_range, close on exec, poll on all.
// Covers: dup2 fcntl close_range poll
#include "../conf.h"
#include <sys/resource.h>
enum { kTop = 1048575, kMany = 20000 };
static void limits(long soft, long hard)
{
    struct rlimit r = {(rlim_t)soft, (rlim_t)hard};
    R(setrlimit(RLIMIT_NOFILE, &r));
}
static int open_ones(int from, int to)
{
    int n = 0;
    for (int i = from; i <= to; ++i)
        n += fcntl(i, F_GETFD) >= 0;
    return n;
}
static void test(void)
{
    pid_t p, q;
    limits(kTop + 1, kTop + 2);
    limits(kTop + 1, kTop + 1);
    int fd = open("f", O_RDWR | O_CREAT, 0644);
    R(SC(dup2, fd, kTop));
    R(SC(dup2, fd, kTop + 1));
    R(SC(fcntl, fd, F_DUPFD, kTop - 2));
    R(SC(fcntl, fd, F_DUPFD, kTop - 2));
    R(SC(fcntl, fd, F_DUPFD, kTop - 2));
    R(SC(fcntl, fd, F_DUPFD_CLOEXEC, 500000));
    R(write(kTop, "high", 4));
    R(lseek(fd, 0, SEEK_CUR));
    CHILD(p) { R(fcntl(kTop, F_GETFD)), R(fcntl(500000, F_GETFD)), R(close(kTop)), R(fcntl(kTop, F_GETFD)); }
    reap("child", p);
    R(fcntl(kTop, F_GETFD));
    R(SC(close_range, 1000, ~0u, 0));
    R(fcntl(kTop, F_GETFD));
    // Many in a row
    int n = 0;
    while (n < kMany && dup(fd) >= 0)
        ++n;
    V(n);
    V(open_ones(fd, fd + kMany + 10));
    R(SC(close_range, 5000, 5999, 4));
    R(SC(close_range, 7000, 7999, 0));
    V(open_ones(fd, fd + kMany + 10));
    R(SC(dup, fd));
    CHILD(q) { V(open_ones(fd, fd + kMany + 10)), V(fcntl(5500, F_GETFD)), V(fcntl(6500, F_GETFD)); }
    reap("child", q);
    struct pollfd *all = calloc(kMany, sizeof *all);
    for (int i = 0; i < kMany; ++i)
        all[i].fd = fd + i, all[i].events = POLLIN;
    R(poll(all, kMany, 0));
    limits(100, kTop + 1);
    R(poll(all, kMany, 0));
    R(poll(all, 100, 0));
    R(SC(dup, fd));
    R(SC(dup2, fd, 100));
    R(fcntl(15000, F_GETFD));
    free(all);
}
