// SPDX-License-Identifier: MPL-2.0
// flock and record locks on descriptors that are no files with names.
// Covers: flock fcntl
#include "../conf.h"
#include <sys/epoll.h>
#include <sys/socket.h>
static int lock(int fd, int type, int cmd)
{
    struct flock l = {.l_type = type};
    return fcntl(fd, cmd, &l);
}
static void each(const char *what, int fd, int other)
{
    say("%s", what);
    struct flock l = {.l_type = F_WRLCK, .l_len = 5}, t = {.l_type = F_WRLCK, .l_whence = SEEK_END};
    R(SC(flock, fd, 2 | 4)), R(SC(flock, other, 2 | 4)), R(SC(flock, fd, 8));
    R(fcntl(fd, F_SETLK, &l)), R(fcntl(fd, F_GETLK, &t)), V(t.l_type), V(t.l_start);
    t = (struct flock){.l_type = F_WRLCK};
    pid_t p;
    CHILD(p)
    {
        R(fcntl(other, F_GETLK, &t)), V(t.l_type), V(t.l_len), V(t.l_pid == getppid());
        R(lock(other, F_WRLCK, F_SETLK));
    }
    reap("child", p);
    R(lock(fd, F_UNLCK, F_SETLK)), R(lock(fd, F_RDLCK, F_OFD_SETLK)), R(lock(fd, F_UNLCK, F_OFD_SETLK));
}
static void test(void)
{
    int p[2], s[2], ev = SC(eventfd2, 0, 0), ev2 = SC(eventfd2, 0, 0), ep = epoll_create1(0), tm = SC(timerfd_create, 1, 0), in = SC(inotify_init1, 0), slave = -1;
    pipe(p), socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    each("eventfd", ev, ev2), each("epoll", ep, tm), each("inotify", in, ev), each("pipe", p[0], p[1]), each("socket", s[0], s[1]);
    int null = open("/dev/null", O_RDWR), null2 = open("/dev/null", O_RDWR), master = pty_open(&slave), pty2 = open("/dev/ptmx", O_RDWR | O_NOCTTY), m = SC(memfd_create, "m", 0), m2 = SC(memfd_create, "n", 0);
    each("null", null, null2), each("terminals", master, slave), each("masters", master, pty2), each("memfds", m, m2);
    sigset_t set;
    sigemptyset(&set);
    int sg = SC(signalfd4, -1, &set, 8, 0);
    each("signalfd", sg, ep);
    // Bad arguments come before bad descriptors.
    R(SC(flock, -1, 3)), R(SC(flock, -1, 0)), R(SC(flock, -1, 4)), R(SC(flock, -1, 1)), R(SC(flock, -1, 32)), R(SC(flock, -1, 32 | 64)), R(SC(flock, ev, 1 | 2)), R(SC(flock, ev, 16)), R(SC(flock, ev, 8 | 4)), R(SC(flock, ev, 1 | 32)), R(SC(flock, ev, 1 | 16));
    int o = open(".", O_PATH), d = open(".", O_RDONLY);
    R(SC(flock, o, 2)), R(SC(flock, d, 2 | 4)), R(SC(flock, d, 8));
}
