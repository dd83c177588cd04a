// SPDX-License-Identifier: MPL-2.0
// vmsplice in both directions: pieces, waiting, what does not fit, bad memory.
// Covers: vmsplice
#include "../conf.h"
#include <sys/uio.h>
static int p[2];
static char b[300000] __attribute__((aligned(4096))), x[300000] __attribute__((aligned(4096)));
static void left(void)
{
    int n = -1;
    ioctl(p[0], FIONREAD, &n);
    V(n);
}
static void drain(int n) { if (n == 3) { char c[5000]; read(p[0], c, 5000); } }
static void fill(int n) { if (n == 3) write(p[1], "late", 4); }
static long vm(int fd, void *base, size_t n, unsigned flags)
{
    struct iovec v = {base, n};
    return SC(vmsplice, fd, &v, 1, flags);
}
static void test(void)
{
    struct iovec v[3] = {{b, 3}, {b + 10, 0}, {b + 20, 4}};
    for (unsigned i = 0; i < sizeof b; i++)
        b[i] = 'a' + i % 26;
    pipe(p);
    R(SC(vmsplice, p[1], v, 3, 0)), left(), R(read(p[0], x, 100)), B(x, 7);
    R(vm(p[1], b, 9000, 0)), left(), memset(x, 0, 100), v[0].iov_base = x, v[0].iov_len = 5000, v[1].iov_base = x + 100000, v[1].iov_len = 1000, R(SC(vmsplice, p[0], v, 2, 0)), left(), R(memcmp(x, b, 5000)), R(memcmp(x + 100000, b + 5000, 1000)), R(vm(p[0], x, 100000, 0)), left();
    // Full and empty
    R(vm(p[0], x, 10, 2)), R(vm(p[1], b, 300000, 2)), left(), R(vm(p[1], b, 1, 2)), R(vm(p[0], x, 300000, 2)), left(), R(memcmp(x, b, 65536));
    R(vm(p[1], b, 300000, 0)), INTR(vm(p[1], b, 100, 0)), RESTART(drain, vm(p[1], b, 100, 0)), R(vm(p[0], x, 300000, 0) > 60000);
    INTR(vm(p[0], x, 10, 0)), RESTART(fill, vm(p[0], x, 10, 0)), B(x, 4);
    fcntl(p[0], F_SETFL, O_NONBLOCK), R(read(p[0], x, 1));
    // Arguments
    R(vm(p[1], b, 1, 16)), R(vm(p[1], b, 0, 0)), R(SC(vmsplice, p[1], v, 0, 0)), R(SC(vmsplice, p[1], BAD, 0, 0)), R(SC(vmsplice, p[1], BAD, 1, 0)), R(SC(vmsplice, p[1], v, 1025, 0)), R(vm(-1, b, 1, 0)), R(vm(-1, b, 1, 16)), R(vm(open("/dev/null", O_RDWR), b, 1, 0)), R(vm(open(".", O_RDONLY), b, 1, 0)), R(vm(open("/dev/null", O_RDWR), b, 0, 0)), R(vm(open("/dev/null", O_PATH), b, 1, 0)), R(vm(p[1], b, -1, 0)), R(vm(p[1], BAD, 1, 0)), R(vm(p[1], BAD, 1, 2)), left();
    write(p[1], "abc", 3), R(vm(p[0], BAD, 1, 0)), left();
    R(vm(p[1], b, 1, 15)), close(p[1]), R(vm(p[0], x, 100, 0)), R(vm(p[0], x, 100, 0)), close(p[0]);
    pipe(p), close(p[0]), signal(SIGPIPE, SIG_IGN), R(vm(p[1], b, 1, 0)), R(vm(p[1], b, 0, 0));
}
