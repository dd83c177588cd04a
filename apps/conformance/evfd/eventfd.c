// SPDX-License-Identifier: MPL-2.0
// eventfd: counting, semaphore mode, overflow and blocking, poll events, fork, errors in order.
// Covers: eventfd eventfd2
#include "../conf.h"
#include <sys/resource.h>
#include <poll.h>
#include <sys/eventfd.h>
static int fd;
static void add(int n) { uint64_t v = 5; if (n == 2) write(fd, &v, 8); }
static void empty(int n) { uint64_t v; if (n == 2) read(fd, &v, 8); }
static long rd(int f)
{
    uint64_t v = 12345;
    long r = read(f, &v, 8);
    return r == 8 ? (long)v : -1;
}
static long wr(int f, uint64_t v) { return write(f, &v, 8); }
static short events(int f)
{
    struct pollfd p = {f, POLLIN | POLLOUT | POLLERR, 0};
    poll(&p, 1, 0);
    return p.revents;
}
static void test(void)
{
    uint64_t v;
    R(SC(eventfd2, 3, 0x1));
    R(SC(eventfd2, 3, 0x100));
    fd = SC(eventfd, 3);
    OK(fd), R(fcntl(fd, F_GETFD)), R(fcntl(fd, F_GETFL));
    X(events(fd)), R(rd(fd)), X(events(fd));
    fcntl(fd, F_SETFL, O_NONBLOCK);
    R(rd(fd)), R(wr(fd, 10)), R(wr(fd, 20)), R(rd(fd));
    R(wr(fd, 0)), R(rd(fd));
    R(wr(fd, -1ull)); // the one value that cannot be
    R(wr(fd, -2ull)), X(events(fd)), R(wr(fd, 1)), R(wr(fd, 0)), R(rd(fd) == -2), R(wr(fd, -2ull - 1)), R(wr(fd, 1)), R(wr(fd, 1));
    rd(fd);
    R(read(fd, &v, 7)), R(write(fd, &v, 7)), R(write(fd, &v, 4));
    char big[16] = {1};
    R(write(fd, big, 16)), R(read(fd, big, 16));
    R(read(fd, BAD, 8)), R(write(fd, BAD, 8)), wr(fd, 1), R(read(fd, BAD, 8)), R(rd(fd));
    R(lseek(fd, 0, SEEK_SET)), R(pread(fd, &v, 8, 0));
    // Semaphore mode
    int s = SC(eventfd2, 3, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);
    R(fcntl(s, F_GETFD)), R(rd(s)), R(rd(s)), R(wr(s, 1)), R(rd(s)), R(rd(s)), R(rd(s));
    // Blocking
    fcntl(fd, F_SETFL, 0);
    INTR(read(fd, &v, 8));
    RESTART(add, read(fd, &v, 8)), V(v);
    wr(fd, -2ull), v = 1;
    INTR(write(fd, &v, 8));
    RESTART(empty, write(fd, &v, 8)), R(rd(fd));
    pid_t c;
    CHILD(c) { await_state(getppid(), 0, 'S'); wr(fd, 7); }
    R(rd(fd)), waitpid(c, 0, 0);
    // Many adders, nothing is lost.
    for (int i = 0; i < 4; i++)
        CHILD(c) { for (int k = 0; k < 1000; k++) wr(fd, 1); }
    long sum = 0;
    while (sum < 4000)
        sum += rd(fd);
    V(sum);
    while (wait(0) > 0) {}
    R(SC(eventfd, 0xffffffffu) >= 0);
    struct rlimit l = {3, 3};
    setrlimit(RLIMIT_NOFILE, &l);
    R(SC(eventfd, 1)), R(SC(eventfd2, 1, 0)), R(SC(eventfd2, 1, 1)); // no descriptor is free
}
