// SPDX-License-Identifier: MPL-2.0
// preadv2 and pwritev2: RWF_NOWAIT and RWF_NOAPPEND on each kind of file.
// Covers: preadv2 pwritev2
#include "../conf.h"
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/uio.h>
#define NOWAIT 8
#define NOAPPEND 32
static char b[8];
static long in(int fd, long offset, int flags)
{
    struct iovec v = {b, 4};
    return SC(preadv2, fd, &v, 1, offset, 0, flags);
}
static long out(int fd, long offset, int flags)
{
    struct iovec v = {"abcd", 4};
    return SC(pwritev2, fd, &v, 1, offset, 0, flags);
}
static void both(const char *what, int r, int w)
{
    say("%s", what);
    R(in(r, -1, NOWAIT)), R(out(w, -1, NOWAIT)), R(in(r, -1, NOWAIT)), R(out(w, -1, NOAPPEND)), R(in(r, -1, NOAPPEND)), R(out(w, -1, NOWAIT | NOAPPEND)), R(in(r, -1, 64)), R(out(w, -1, 64));
}
static void test(void)
{
    int p[2], s[2], d[2], slave = -1;
    mkdir("t", 0755), mount("t", "t", "tmpfs", 0, 0), chdir("t");
    int f = open("f", O_RDWR | O_CREAT, 0644), a = open("f", O_RDWR | O_APPEND), dir = open(".", O_RDONLY);
    R(out(f, 0, NOWAIT)), R(in(f, 0, NOWAIT)), R(in(f, 100, NOWAIT)), R(out(f, 0, NOAPPEND)), R(out(f, 0, 0)), R(lseek(f, 0, SEEK_END));
    R(out(a, 0, 0)), R(lseek(f, 0, SEEK_END)), R(out(a, 0, NOAPPEND)), R(lseek(f, 0, SEEK_END)), R(out(a, -1, NOAPPEND)), R(lseek(f, 0, SEEK_END)), R(lseek(a, 0, SEEK_CUR));
    R(out(a, 0, NOAPPEND | 16)), R(out(f, 0, NOAPPEND | 16)), R(in(f, 0, NOAPPEND | 16)), R(in(f, 0, NOAPPEND)), R(in(f, 0, 16)), R(lseek(f, 0, SEEK_END));
    R(in(dir, 0, NOWAIT)), R(out(dir, 0, NOWAIT)), R(in(f, 0, 64)), R(in(-1, 0, 64)), R(SC(preadv2, f, b, 0, 0, 0, 64)), R(SC(preadv2, f, BAD, 1, 0, 0, 64));
    R(in(f, 0, 2)), R(in(f, 0, 4)), R(in(f, 0, 1)), R(out(f, 0, 1 | 2 | 4));
    pipe(p), both("pipe", p[0], p[1]);
    R(in(p[0], 0, NOWAIT)), R(fcntl(p[0], F_GETFL)), close(p[1]), R(in(p[0], -1, NOWAIT)), R(in(p[0], -1, NOWAIT)), R(in(p[0], -1, NOWAIT)), R(in(p[0], -1, NOWAIT));
    pipe(p), fcntl(p[1], F_SETPIPE_SZ, 4096);
    static char big[4096];
    R(write(p[1], big, 4096)), R(out(p[1], -1, NOWAIT));
    socketpair(AF_UNIX, SOCK_STREAM, 0, s), both("stream", s[0], s[1]);
    socketpair(AF_UNIX, SOCK_DGRAM, 0, d), both("datagrams", d[0], d[1]);
    int ev = SC(eventfd2, 0, 0);
    struct iovec v = {b, 8};
    long one[1] = {1};
    struct iovec w = {one, 8};
    R(SC(preadv2, ev, &v, 1, -1, 0, NOWAIT)), R(SC(pwritev2, ev, &w, 1, -1, 0, NOWAIT)), R(SC(preadv2, ev, &v, 1, -1, 0, NOWAIT));
    int tm = SC(timerfd_create, 1, 0), in_fd = SC(inotify_init1, 0);
    R(SC(preadv2, tm, &v, 1, -1, 0, NOWAIT)), R(SC(preadv2, in_fd, &v, 1, -1, 0, NOWAIT));
    sigset_t set;
    sigemptyset(&set);
    int sg = SC(signalfd4, -1, &set, 8, 0);
    static char info[128];
    struct iovec iv = {info, 128};
    R(SC(preadv2, sg, &iv, 1, -1, 0, NOWAIT));
    int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR), stat = open("/proc/self/stat", O_RDONLY), full = open("/dev/full", O_RDWR), urandom = open("/dev/urandom", O_RDWR);
    both("null", null, null), R(in(zero, -1, NOWAIT)), R(out(zero, -1, NOWAIT)), R(in(full, -1, NOWAIT)), R(out(full, -1, NOWAIT)), R(in(stat, -1, NOWAIT)), R(in(urandom, -1, NOWAIT));
    int master = pty_open(&slave);
    R(in(master, -1, NOWAIT)), R(in(slave, -1, NOWAIT)), R(out(slave, -1, NOWAIT));
    int m = SC(memfd_create, "m", 0);
    R(out(m, 0, NOWAIT)), R(in(m, 0, NOWAIT));
    R(mkfifo("fifo", 0644));
    int ff = open("fifo", O_RDWR);
    both("fifo", ff, ff);
    chdir(".."), umount2("t", MNT_DETACH);
}
