// SPDX-License-Identifier: MPL-2.0
// vhangup: hangs up the caller's terminal; who has none has nothing to lose.
// Covers: vhangup
#include "../conf.h"
static volatile int hups, conts;
static void count(int s)
{
    if (s == SIGHUP)
        hups++;
    else
        conts++;
}
static void nobody(void) { R(SC(vhangup)); }
static void test(void)
{
    struct gate up = gate_make(), done = gate_make();
    char b[8];
    int slave = -1, master = pty_open(&slave);
    pid_t p;
    as_user(1000, nobody);
    CHILD(p)
    {
        R(setsid() > 0 ? 0 : -1), R(SC(vhangup)), R(write(slave, "x", 1));
        R(read(master, b, 8));  // nothing is on its way when the terminal is hung up: Linux may lose it or not
        R(ioctl(slave, TIOCSCTTY, 0));
        on(SIGHUP, count, 0), on(SIGCONT, count, 0);
        as_user(1000, nobody);
        V(hups);
        R(SC(vhangup));
        V(hups), V(conts);
        R(write(slave, "x", 1)), R(read(slave, b, 8)), R(open("/dev/tty", O_RDWR)), R(tcgetsid(slave));
        struct pollfd w = {slave, POLLIN | POLLOUT, 0};
        R(poll(&w, 1, 0)), X(w.revents);
        R(SC(vhangup));
        gate_open(up), gate_wait(done);
    }
    gate_wait(up);
    struct pollfd w = {master, POLLIN | POLLOUT, 0};
    R(poll(&w, 1, 0)), X(w.revents), R(write(slave, "x", 1));
    gate_open(done), reap("child", p);
    R(close(slave)), R(read(master, b, 8) < 2 ? 0 : 1);
}
