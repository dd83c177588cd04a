// SPDX-License-Identifier: MPL-2.0
// fcntl: F_DUPFD, descriptor and status flags, bad commands, record locks between processes.
// Covers: fcntl flock
#include "../conf.h"
#include <sys/file.h>
static struct gate up, down;
static void lock(const char *t, int fd, int cmd, int type, long start, long len)
{
    struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len};
    long r = fcntl(fd, cmd, &l);
    if (r)
        say("%s: %s", t, ename(errno));
    else if (cmd == F_GETLK)
        say("%s: type %d start %ld len %ld holder %s", t, l.l_type, (long)l.l_start, (long)l.l_len,
            l.l_type == F_UNLCK ? "none" : l.l_pid == getppid() ? "parent" : "other");
    else
        say("%s: ok", t);
}
static void test(void)
{
    int fd = open("f", O_RDWR | O_CREAT, 0644), p[2];
    R(SC(fcntl, fd, F_DUPFD, 50));
    R(SC(fcntl, fd, F_DUPFD, 50));
    R(SC(fcntl, fd, F_DUPFD_CLOEXEC, 60));
    R(SC(fcntl, 60, F_GETFD));
    R(SC(fcntl, fd, F_DUPFD, -1));
    R(SC(fcntl, fd, F_DUPFD, 1 << 30));
    R(SC(fcntl, 99, F_DUPFD, 0));
    R(SC(fcntl, 99, 9999, 0));
    R(SC(fcntl, fd, 9999, 0));
    R(SC(fcntl, fd, F_GETFD));
    R(SC(fcntl, fd, F_SETFD, 1));
    R(SC(fcntl, fd, F_GETFD));
    R(SC(fcntl, fd, F_SETFD, 0xfffe));
    R(SC(fcntl, fd, F_GETFD));
    X(SC(fcntl, fd, F_GETFL));
    R(SC(fcntl, fd, F_SETFL, O_NONBLOCK | O_APPEND | O_CREAT | O_WRONLY)); // only some of these can change
    X(SC(fcntl, fd, F_GETFL));
    int o = open("f", O_PATH);
    X(SC(fcntl, o, F_GETFL));
    R(SC(fcntl, o, F_SETFL, O_NONBLOCK));
    pipe2(p, O_NONBLOCK);
    X(SC(fcntl, p[0], F_GETFL));
    X(SC(fcntl, p[1], F_GETFL));
    R(SC(fcntl, p[1], 1032)); // F_GETPIPE_SZ
    R(SC(fcntl, p[1], 1031, 5000)); // F_SETPIPE_SZ rounds up
    R(SC(fcntl, fd, 1032));
    R(SC(fcntl, p[0], F_GETOWN));
    // Record locks
    lock("set 0..99", fd, F_SETLK, F_WRLCK, 0, 100);
    lock("set 50..59 read", fd, F_SETLK, F_RDLCK, 50, 10);
    up = gate_make(), down = gate_make();
    pid_t c;
    CHILD(c) {
        int g = open("f", O_RDWR);
        lock("child get 0", g, F_GETLK, F_WRLCK, 0, 10);
        lock("child get 55", g, F_GETLK, F_WRLCK, 55, 100);
        lock("child get 100", g, F_GETLK, F_WRLCK, 100, 0);
        lock("child set 50 read", g, F_SETLK, F_RDLCK, 50, 10);
        lock("child set 0", g, F_SETLK, F_WRLCK, 0, 1);
        struct flock w = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
        INTR(SC(fcntl, g, F_SETLKW, &w));
        gate_open(up);
        w.l_start = 60;
        int r = fcntl(g, F_SETLKW, &w);
        gate_wait(down);
        say("child wait 60: %d", r);
    }
    gate_wait(up);
    await_state(c, 0, 'S');
    say("parent unlocks");
    lock("unlock", fd, F_SETLK, F_UNLCK, 0, 0), gate_open(down);
    reap("child", c);
    lock("bad type", fd, F_SETLK, 77, 0, 0);
    lock("bad start", fd, F_SETLK, F_WRLCK, -1, 0);
    R(SC(fcntl, fd, F_SETLK, BAD));
    int ro = open("f", O_RDONLY);
    lock("write lock on a reader", ro, F_SETLK, F_WRLCK, 0, 0);
    // flock belongs to the open file.
    int a = open("f", O_RDWR), b = open("f", O_RDWR), d = dup(a);
    R(SC(flock, a, LOCK_EX));
    R(SC(flock, b, LOCK_EX | LOCK_NB));
    R(SC(flock, b, LOCK_SH | LOCK_NB));
    INTR(SC(flock, b, LOCK_EX));
    R(SC(flock, d, LOCK_SH));
    R(SC(flock, b, LOCK_SH | LOCK_NB));
    R(SC(flock, b, LOCK_UN));
    R(SC(flock, a, 99));
    R(SC(flock, 99, LOCK_EX));
    close(a);
    R(SC(flock, b, LOCK_EX | LOCK_NB));
    close(d);
    R(SC(flock, b, LOCK_EX | LOCK_NB));
}
