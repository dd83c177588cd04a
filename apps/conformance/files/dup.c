// SPDX-License-Identifier: MPL-2.0
// dup, dup2, dup3: shared offsets and flags, the limit of descriptors, close-on-exec.
// Covers: dup dup2 dup3 getrlimit setrlimit
#include "../conf.h"
#include <sys/resource.h>
static void test(void)
{
    int fd = open("f", O_RDWR | O_CREAT, 0644);
    V(fd);
    R(SC(dup, fd));
    R(SC(dup, 99));
    R(SC(dup, -1));
    R(SC(dup2, fd, 10));
    R(SC(dup2, fd, fd));
    R(SC(dup2, 99, 99));
    R(SC(dup2, 99, 10));
    R(SC(dup2, fd, -1));
    R(SC(dup2, 99, -1));
    R(write(10, "abc", 3));
    R(lseek(fd, 0, SEEK_CUR));
    R(SC(dup3, fd, 11, O_CLOEXEC));
    R(fcntl(11, F_GETFD));
    R(fcntl(10, F_GETFD));
    R(SC(dup3, fd, fd, 0));
    R(SC(dup3, 99, 99, 0));
    R(SC(dup3, fd, 12, 1));
    R(SC(dup3, 99, 12, 0));
    R(SC(dup3, fd, fd, 1));
    // dup2 over an open descriptor closes it.
    int p[2];
    pipe(p);
    R(SC(dup2, fd, p[1]));
    char c;
    R(read(p[0], &c, 1));
    // Status flags are shared, descriptor flags are not.
    R(fcntl(10, F_SETFL, O_APPEND));
    R(fcntl(fd, F_GETFL) & O_APPEND);
    R(fcntl(fd, F_SETFD, FD_CLOEXEC));
    R(fcntl(10, F_GETFD));
    R(SC(dup, fd));
    // The limit
    struct rlimit old, rl = {20, 0};
    R(SC(getrlimit, RLIMIT_NOFILE, &old));
    rl.rlim_max = old.rlim_max;
    R(SC(setrlimit, RLIMIT_NOFILE, &rl));
    R(SC(dup2, fd, 20));
    R(SC(dup2, 99, 20));
    R(SC(dup2, fd, 19));
    R(SC(dup3, fd, 20, 0));
    R(fcntl(fd, F_DUPFD, 20));
    int n = 0;
    while (dup(fd) >= 0)
        n++;
    say("after %d more: %s", n, ename(errno));
    R(open("f", O_RDONLY));
    R(pipe(p));
    R(open("none", O_RDONLY)); // the number is taken first
    close(17);
    R(pipe(p));
    R(SC(dup, fd));
}
