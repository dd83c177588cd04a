// SPDX-License-Identifier: MPL-2.0
// pipe and pipe2: end of file, EPIPE and SIGPIPE, flags, directions, FIONREAD.
// Covers: pipe pipe2
#include "../conf.h"
#include <sys/ioctl.h>
static void got(int s) { say("handler: %s", sname(s)); }
static void test(void)
{
    int p[2], n = -1;
    char b[64];
    R(SC(pipe, p));
    say("read end %d write end %d", p[0], p[1]);
    R(SC(write, p[1], "one two", 7));
    R(ioctl(p[0], FIONREAD, &n)), V(n);
    R(SC(read, p[0], b, 3)), B(b, 3);
    R(SC(read, p[0], b, 64)), B(b, 4);
    R(SC(read, p[1], b, 1));
    R(SC(write, p[0], b, 1));
    R(SC(write, p[1], b, 0));
    R(SC(read, p[0], b, 0));
    R(write(p[1], "x", 1));
    R(SC(read, p[0], BAD, 1));
    R(ioctl(p[0], FIONREAD, &n)), V(n);
    R(SC(write, p[1], BAD, 1));
    close(p[1]);
    R(SC(read, p[0], b, 64));
    R(SC(read, p[0], b, 64));
    R(SC(read, p[0], BAD, 64));
    close(p[0]);
    R(SC(pipe, BAD));
    R(dup(1)), close(3); // no descriptor was lost
    R(SC(pipe2, p, O_CLOEXEC | O_NONBLOCK));
    R(fcntl(p[0], F_GETFD)), R(fcntl(p[1], F_GETFD));
    R(SC(read, p[0], b, 1));
    R(SC(pipe2, p, O_APPEND));
    R(SC(pipe2, p, 0x7));
    R(SC(pipe2, BAD, 0x7));
    close(p[0]);
    on(SIGPIPE, got, 0);
    R(SC(write, p[1], "x", 1));
    R(SC(write, p[1], "", 0));
    signal(SIGPIPE, SIG_IGN);
    R(SC(write, p[1], "x", 1));
    pid_t c;
    CHILD(c) {
        signal(SIGPIPE, SIG_DFL);
        write(p[1], "x", 1);
        say("not reached");
    }
    reap("writer", c);
    // EOF only when the last writer is gone
    pipe(p);
    struct gate g = gate_make();
    CHILD(c) {
        close(p[0]);
        write(p[1], "from child", 10);
        gate_wait(g);
    }
    close(p[1]);
    R(read(p[0], b, 64));
    R(fcntl(p[0], F_SETFL, O_NONBLOCK));
    R(read(p[0], b, 64));
    gate_open(g);
    reap("child", c);
    R(read(p[0], b, 64));
    // Both ends in one process; a named pipe
    R(mkfifo("ff", 0644));
    R(open("ff", O_WRONLY | O_NONBLOCK));
    int r = open("ff", O_RDONLY | O_NONBLOCK), w = open("ff", O_WRONLY | O_NONBLOCK);
    R(read(r, b, 1));
    R(write(w, "fifo", 4));
    R(read(r, b, 64));
    close(w);
    R(read(r, b, 64));
    int rw = open("ff", O_RDWR | O_NONBLOCK);
    R(read(rw, b, 64));
    R(lseek(rw, 0, SEEK_SET));
}
