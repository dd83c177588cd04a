// SPDX-License-Identifier: MPL-2.0
// pipe2 with O_NOTIFICATION_PIPE (the bit of O_EXCL), in a kernel without such pipes.
// Covers: pipe2
#include "../conf.h"
static void make(const char *what, int *p, int flags)
{
    long r = SC(pipe2, p, flags);
    say("%s: %s", what, r == 0 ? "ok" : errno == ENOPKG ? "ENOPKG" : ename(errno));
}
static void test(void)
{
    int p[2] = {-1, -1};
    make("alone", p, O_EXCL), V(p[0]), V(p[1]);
    make("all", p, O_EXCL | O_NONBLOCK | O_CLOEXEC | O_DIRECT), make("wrong flag", p, O_EXCL | O_APPEND), make("bad address", BAD, O_EXCL);
    make("plain", p, O_NONBLOCK);
    R(ioctl(p[0], 0x5760, 3)), R(ioctl(p[0], 0x5761, 0)), R(fcntl(p[0], F_GETFL)), R(fcntl(p[1], F_GETFL));
}
