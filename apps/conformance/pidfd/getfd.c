// SPDX-License-Identifier: MPL-2.0
// pidfd_getfd: a descriptor of another process, one open file for both; errors and who may.
// Covers: pidfd_open pidfd_getfd
#include "../conf.h"
static int theirs, number;
static void other(void) { R(SC(pidfd_getfd, theirs, number, 0)); }
static void test(void)
{
    struct gate g = gate_make(), done = gate_make();
    int null = open("/dev/null", O_RDONLY);
    char b[8] = "";
    pid_t c;
    put_file("f", "abcdef", 0644);
    CHILD(c) {
        close(null), dup2(open("f", O_RDONLY), 50);
        fcntl(50, F_SETFD, 0);
        gate_open(done), gate_wait(g);
        say("their position %ld", (long)lseek(50, 0, SEEK_CUR));
    }
    gate_wait(done);
    theirs = SC(pidfd_open, c, 0), number = 50;
    R(SC(pidfd_getfd, theirs, 50, 1));
    R(SC(pidfd_getfd, -1, 50, 0));
    R(SC(pidfd_getfd, null, 50, 0));
    R(SC(pidfd_getfd, theirs, 77, 0));
    R(SC(pidfd_getfd, theirs, -1, 0));
    R(SC(pidfd_getfd, theirs, null, 0));
    int fd = SC(pidfd_getfd, theirs, 50, 0);
    say("got %d", fd >= 0);
    X(fcntl(fd, F_GETFD));
    R(read(fd, b, 3));
    S(b);
    as_user(1000, other);
    gate_open(g);
    reap("child", c);
    R(SC(pidfd_getfd, theirs, 50, 0));
}
