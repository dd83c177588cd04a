// SPDX-License-Identifier: MPL-2.0
// Reading and writing pipes under signals: EINTR, SA_RESTART, and writes that were partly done.
// Covers: read write open
#include "../conf.h"
static int p[2];
static void feed(int n) { if (n == 3) write(p[1], "late", 4); }
static void drain(int n) { static char d[70000]; if (n == 3) read(p[0], d, sizeof d); }
static void test(void)
{
    static char b[300000];
    pipe(p);
    INTR(SC(read, p[0], b, 10));
    RESTART(feed, SC(read, p[0], b, 10));
    B(b, 4);
    // A full pipe
    fcntl(p[1], F_SETFL, O_NONBLOCK);
    while (write(p[1], b, 4096) > 0) {}
    fcntl(p[1], F_SETFL, 0);
    INTR(SC(write, p[1], "x", 1));
    RESTART(drain, SC(write, p[1], "y", 1));
    R(read(p[0], b, 100));
    // A write of more than fits was partly done when the signal came: a count, not EINTR, also with SA_RESTART.
    INTR(SC(write, p[1], b, 300000));
    fcntl(p[0], F_SETFL, O_NONBLOCK);
    long n, t = 0;
    while ((n = read(p[0], b, sizeof b)) > 0)
        t += n;
    V(t);
    RESTART(0, SC(write, p[1], b, 300000));
    while (read(p[0], b, sizeof b) > 0) {}
    // readv and writev
    fcntl(p[0], F_SETFL, 0);
    struct { void *p; size_t n; } v[2] = {{b, 2}, {b + 10, 100}};
    INTR(SC(readv, p[0], v, 2));
    RESTART(feed, SC(readv, p[0], v, 2));
    B(b, 2), B(b + 10, 2);
    // Opening a named pipe waits for the other end.
    mkfifo("ff", 0644);
    INTR(SC(open, "ff", O_RDONLY));
    INTR(SC(open, "ff", O_WRONLY));
    pid_t c;
    CHILD(c) {
        await_state(getppid(), 0, 'S');
        int w = open("ff", O_WRONLY);
        write(w, "through", 7);
    }
    int r = open("ff", O_RDONLY);
    OK(r);
    R(read(r, b, 100));
    R(read(r, b, 100));
    reap("writer", c);
    // A mask that blocks the signal: nothing is interrupted.
    sigset_t s;
    sigemptyset(&s), sigaddset(&s, SIGALRM);
    sigprocmask(SIG_BLOCK, &s, 0);
    CHILD(c) {
        await_state(getppid(), 0, 'S');
        kill(getppid(), SIGALRM);
        await_state(getppid(), 0, 'S');
        write(p[1], "blocked", 7);
    }
    R(read(p[0], b, 100));
    reap("child", c);
    // A signal that is ignored by default does not interrupt either.
    CHILD(c) {
        await_state(getppid(), 0, 'S');
        kill(getppid(), SIGCHLD);
        kill(getppid(), SIGWINCH);
        await_state(getppid(), 0, 'S');
        write(p[1], "ignored", 7);
    }
    R(read(p[0], b, 100));
    reap("child", c);
}
