// SPDX-License-Identifier: MPL-2.0
// Window sizes: shared by both ends, SIGWINCH for the foreground group only when it changes.
// Covers: ioctl
#include "../conf.h"
static volatile int got;
static void note(int s) { (void)s; got++; }
static void show(const char *what, int fd)
{
    struct winsize w = {1, 1, 1, 1};
    if (ioctl(fd, TIOCGWINSZ, &w))
        say("%s: %s", what, ename(errno));
    else
        say("%s: %d %d %d %d", what, w.ws_row, w.ws_col, w.ws_xpixel, w.ws_ypixel);
}
static void test(void)
{
    int s = -1, m = pty_open(&s), p[2];
    struct winsize w = {24, 80, 3, 4};
    show("new", s), R(ioctl(m, TIOCSWINSZ, &w)), show("slave", s), show("master", m);
    w.ws_row = 25, R(ioctl(s, TIOCSWINSZ, &w)), show("master", m);
    R(ioctl(s, TIOCSWINSZ, BAD)), R(ioctl(s, TIOCGWINSZ, BAD)), pipe(p), R(ioctl(p[0], TIOCGWINSZ, &w)), R(ioctl(99, TIOCGWINSZ, &w));
    R(ioctl(open("f", O_CREAT | O_RDWR, 0644), TIOCGWINSZ, &w));
    struct gate g = gate_make(), h = gate_make();
    pid_t c;
    CHILD(c) {
        pid_t fg, bg;
        setsid(), ioctl(s, TIOCSCTTY, 0), signal(SIGTTOU, SIG_IGN);
        on(SIGWINCH, note, SA_RESTART);
        struct gate go = gate_make(), up = gate_make();
        CHILD(fg) { setpgid(0, 0); gate_open(up); gate_wait(go); say("foreground got %d", got); }
        gate_wait(up);
        CHILD(bg) { setpgid(0, 0); gate_open(up); gate_wait(h); say("background got %d", got); }
        gate_wait(up);
        tcsetpgrp(s, fg);
        for (int i = 0; i < 3; i++)
            w.ws_col = 90 + i / 2, ioctl(m, TIOCSWINSZ, &w), nap(300); // 90, 90, 91: two changes
        gate_open(go), waitpid(fg, 0, 0), gate_open(h), waitpid(bg, 0, 0);
        say("leader got %d", got);
    }
    reap("session", c);
    (void)g;
}
