// SPDX-License-Identifier: MPL-2.0
// Calls beside read, write and open that wait for a pipe or a named pipe: interrupted, restarted, and what they move.
// Covers: openat creat writev preadv2 pwritev2 sendfile splice tee
#include "../conf.h"
#include <sys/uio.h>
static int p[2], q[2], f, other = -1;
static char big[70000];
static void feed(int n) { if (n == 3) write(p[1], "late", 4); }
static void drain(int n) { static char d[70000]; if (n == 3) read(p[0], d, sizeof d); }
static void other_end(int n) { if (n == 3) other = open("ff", O_RDWR | O_NONBLOCK); }
static void fill(int fd)
{
    fcntl(fd, F_SETFL, O_NONBLOCK);
    while (write(fd, big, 4096) > 0) {}
    fcntl(fd, F_SETFL, 0);
}
static void empty(int fd)
{
    fcntl(fd, F_SETFL, O_NONBLOCK);
    while (read(fd, big, sizeof big) > 0) {}
    fcntl(fd, F_SETFL, 0);
}
static void test(void)
{
    char b[64] = "";
    struct iovec v[2] = {{b, 2}, {b + 10, 20}}, w = {"abc", 3};
    loff_t at;
    mkfifo("ff", 0644);
    INTR(SC(openat, AT_FDCWD, "ff", O_RDONLY));
    RESTART(other_end, (f = SC(openat, AT_FDCWD, "ff", O_RDONLY)) >= 0), close(f), close(other);
    INTR(SC(creat, "ff", 0644));
    RESTART(other_end, (f = SC(creat, "ff", 0644)) >= 0), close(f), close(other);
    pipe(p), pipe(q), put_file("f", "contents of a file", 0644), f = open("f", O_RDWR);
    // At the current position: as readv and writev
    INTR(SC(preadv2, p[0], v, 2, -1l, 0, 0));
    RESTART(feed, SC(preadv2, p[0], v, 2, -1l, 0, 0)), B(b, 2), B(b + 10, 2);
    fill(p[1]);
    INTR(SC(writev, p[1], &w, 1));
    RESTART(drain, SC(writev, p[1], &w, 1)), R(read(p[0], b, 10)), fill(p[1]);
    INTR(SC(pwritev2, p[1], &w, 1, -1l, 0, 0));
    RESTART(drain, SC(pwritev2, p[1], &w, 1, -1l, 0, 0)), R(read(p[0], b, 10)), fill(p[1]);
    // From a file into a full pipe
    INTR(SC(sendfile, p[1], f, 0, 8)), V(lseek(f, 0, SEEK_CUR));
    RESTART(drain, SC(sendfile, p[1], f, 0, 8)), V(lseek(f, 0, SEEK_CUR)), R(read(p[0], b, 10)), B(b, 8), fill(p[1]);
    at = 3;
    INTR(SC(splice, f, &at, p[1], 0, 8, 0)), V(at);
    RESTART(drain, SC(splice, f, &at, p[1], 0, 8, 0)), V(at), R(read(p[0], b, 10)), B(b, 8);
    // Out of an empty pipe, and from pipe to pipe
    INTR(SC(splice, p[0], 0, f, 0, 8, 0));
    RESTART(feed, SC(splice, p[0], 0, f, 0, 8, 0)), R(pread(f, b, 64, 0)), B(b, 18);
    INTR(SC(splice, p[0], 0, q[1], 0, 8, 0));
    RESTART(feed, SC(splice, p[0], 0, q[1], 0, 8, 0)), R(read(q[0], b, 64));
    INTR(SC(tee, p[0], q[1], 8, 0));
    RESTART(feed, SC(tee, p[0], q[1], 8, 0)), R(read(q[0], b, 64)), R(read(p[0], b, 64));
    // Into a full one: nothing is lost.
    fill(p[1]), write(q[1], "kept", 4);
    INTR(SC(splice, q[0], 0, p[1], 0, 8, 0)), INTR(SC(tee, q[0], p[1], 8, 0)), R(SC(tee, q[0], p[1], 8, 2)), R(SC(splice, q[0], 0, p[1], 0, 8, 2));
    RESTART(drain, SC(tee, q[0], p[1], 8, 0)), R(read(p[0], b, 64)), R(read(q[0], b, 64)), B(b, 4);
    empty(p[0]);
}
