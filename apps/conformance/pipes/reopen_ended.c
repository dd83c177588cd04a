// SPDX-License-Identifier: MPL-2.0
// An end of a pipe is opened again through /proc/self/fd when the other end is closed: nothing waits for it.
// Covers: pipe open read write
#include "../conf.h"
static int again(int fd, int flags)
{
    char path[40];
    sprintf(path, "/proc/self/fd/%d", fd);
    int n = open(path, flags);
    say("open %s %s: %s", flags & O_ACCMODE ? "to write" : "to read", flags & O_NONBLOCK ? "nonblocking" : "blocking", n < 0 ? ename(errno) : "done");
    return n;
}
static void test(void)
{
    int p[2];
    char b[10];
    signal(SIGPIPE, SIG_IGN);
    alarm(5);
    pipe(p), write(p[1], "text", 4), close(p[1]);
    int r = again(p[0], O_RDONLY);
    R(read(r, b, 2)), R(read(p[0], b, 10)), R(read(r, b, 10)), R(read(p[0], b, 10));
    int w = again(p[0], O_WRONLY);
    R(write(w, "back", 4)), R(read(r, b, 10));
    close(w), close(r), close(p[0]);
    pipe(p), close(p[0]);
    for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK) {
        w = again(p[1], O_WRONLY | flags);
        long n = write(w, "x", 1);
        say("write %ld %s", n, n < 0 ? ename(errno) : "");
        close(w);
    }
    r = again(p[1], O_RDONLY | O_NONBLOCK);
    R(write(p[1], "y", 1)), R(read(r, b, 10));
}
