// SPDX-License-Identifier: MPL-2.0
// Hang-ups: master closed, leader gone, terminal given up; what readers, writers and pollers see, and who gets SIGHUP.
// Covers: ioctl read write poll close
#include "../conf.h"
static int m, s;
static volatile int hup, cont;
static void note(int n) { n == SIGHUP ? hup++ : cont++; }
static void events(const char *what, int fd)
{
    struct pollfd p = {fd, POLLIN | POLLOUT, 0};
    poll(&p, 1, 0);
    say("%s: in %d out %d hup %d err %d", what, !!(p.revents & POLLIN), !!(p.revents & POLLOUT), !!(p.revents & POLLHUP), !!(p.revents & POLLERR));
}
static void test(void)
{
    char b[10], path[32];
    int n;
    pid_t c, d;
    struct termios t;
    // The slave is closed: the master reads what is left, then EIO.
    m = pty_open(&s), ioctl(m, TIOCGPTN, &n), sprintf(path, "/dev/pts/%d", n);
    events("master", m), events("slave", s);
    write(s, "last", 4), nap(300), close(s), events("master, slave closed", m), take("left", m, 4), R(read(m, b, 10)), events("empty", m);
    R(write(m, "x", 1)); // kept for the next one who opens it
    s = open(path, O_RDWR | O_NOCTTY), OK(s), nap(300), events("opened again", m);
    close(s), close(m), R(open(path, O_RDWR | O_NOCTTY));
    // The master is closed: the slave reads an end of file and cannot write.
    m = pty_open(&s), write(m, "typed\n", 6), nap(300), close(m);
    events("slave, master closed", s), R(read(s, b, 10)), R(read(s, b, 10)), R(write(s, "x", 1)), R(tcgetattr(s, &t)), R(ioctl(s, FIONREAD, &n));
    close(s);
    // SIGHUP and SIGCONT go to the leader; to the foreground group when the leader is gone.
    m = pty_open(&s);
    int q[2];
    pipe(q);
    struct gate g = gate_make();
    CHILD(c) {
        close(m), setsid(), ioctl(s, TIOCSCTTY, 0), on(SIGHUP, note, 0), on(SIGCONT, note, 0);
        signal(SIGTTOU, SIG_IGN);
        struct gate up = gate_make();
        CHILD(d) { setpgid(0, 0); gate_open(up); while (!hup) pause(); dprintf(q[1], "hup %d", hup > 0); }
        gate_wait(up), tcsetpgrp(s, d), gate_open(g);
        while (!hup)
            pause();
        nap(300), say("leader: hup %d cont %d", hup, cont);
        R(read(s, b, 10)), R(open("/dev/tty", O_RDWR)), R(tcgetpgrp(s));
    }
    gate_wait(g), await_state(c, 0, 'S'), close(s), close(m);
    reap("session", c);
    take("foreground", q[0], 5);
    // The leader exits: SIGHUP for the foreground group, the terminal is free for another session.
    m = pty_open(&s);
    int p[2];
    pipe(p);
    CHILD(c) {
        setsid(), ioctl(s, TIOCSCTTY, 0), on(SIGHUP, note, 0), on(SIGCONT, note, 0);
        CHILD(d) { gate_open(g); while (!hup) pause(); nap(300); errno = 0; fcntl(s, F_SETFL, O_NONBLOCK); long r = read(s, b, 10); dprintf(p[1], "hup %d cont %d read %ld %s", hup, cont, r, ename(errno)); }
        gate_wait(g), await_state(d, 0, 'S');
    }
    reap("leader", c);
    close(p[1]), fcntl(s, F_SETFL, 0), take("member", p[0], 27);
    R(write(s, "x", 1)), R(read(m, b, 10)); // opened by us: not hung up
    CHILD(c) { setsid(), R(ioctl(s, TIOCSCTTY, 0)), R(tcgetpgrp(s) == getpid()); }
    reap("next session", c);
    // A reader that is waiting when the master goes
    close(m), close(s), m = pty_open(&s);
    CHILD(c) { close(m); gate_open(g); errno = 0; R(read(s, b, 10)); }
    gate_wait(g), await_state(c, 0, 'S'), close(m), reap("reader", c);
    m = pty_open(&s);
    CHILD(c) { close(s); gate_open(g); errno = 0; R(read(m, b, 10)); }
    gate_wait(g), await_state(c, 0, 'S'), close(s), reap("master's reader", c);
}
