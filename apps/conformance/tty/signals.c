// SPDX-License-Identifier: MPL-2.0
// ISIG: characters that make signals, who gets them, flushing, NOFLSH; stopping output by ^S.
// Covers: ioctl read kill
#include "../conf.h"
static int m, s;
static volatile int last;
static void note(int n) { last = n; }
static void child_main(struct gate g)
{
    char b[100];
    int sigs[] = {SIGINT, SIGQUIT, SIGTSTP, SIGHUP, SIGCONT};
    setsid();
    R(ioctl(s, TIOCSCTTY, 0));
    for (int i = 0; i < 5; i++)
        on(sigs[i], note, 0);
    for (int i = 0; i < 4; i++) {
        last = 0;
        gate_open(g);
        long n = read(s, b, 100);
        say("read: %s, signal %s", n < 0 ? ename(errno) : "data", last ? sname(last) : "none");
        if (n > 0)
            show_bytes("data", b, n);
    }
}
static void test(void)
{
    struct termios t;
    m = pty_open(&s);
    struct gate g = gate_make();
    pid_t c;
    CHILD(c) { child_main(g); gate_open(g); while (pause()) {} }
    const char *chars[] = {"\003", "\034", "\032", "typed\n"};
    for (int i = 0; i < 4; i++)
        gate_wait(g), await_state(c, 0, 'S'), write(m, chars[i], strlen(chars[i]));
    gate_wait(g);
    take("echo", m, 6 + 7);
    kill(c, SIGKILL), waitpid(c, 0, 0);
    close(m), close(s);
    // What was typed before the signal character goes, unless NOFLSH.
    for (int noflush = 0; noflush < 2; noflush++) {
        m = pty_open(&s), tcgetattr(s, &t), t.c_lflag &= ~ECHO;
        t.c_lflag = noflush ? t.c_lflag | NOFLSH : t.c_lflag, tcsetattr(s, TCSANOW, &t);
        CHILD(c) { setsid(), ioctl(s, TIOCSCTTY, 0), signal(SIGINT, SIG_IGN); gate_open(g); while (pause()) {} }
        gate_wait(g), write(m, "before\003after\n", 13), nap(300);
        take(noflush ? "NOFLSH" : "flush", s, noflush ? 12 : 6);
        kill(c, SIGKILL), waitpid(c, 0, 0), close(m), close(s);
    }
    // Default actions in the foreground group; a background group of the session is left alone.
    m = pty_open(&s), tcgetattr(s, &t), t.c_lflag &= ~ECHO, tcsetattr(s, TCSANOW, &t);
    CHILD(c) {
        pid_t fg, bg;
        int st;
        setsid(), ioctl(s, TIOCSCTTY, 0), signal(SIGTTOU, SIG_IGN);
        CHILD(fg) { setpgid(0, 0); while (pause()) {} }
        CHILD(bg) { setpgid(0, 0); while (pause()) {} }
        setpgid(fg, fg), setpgid(bg, bg), R(tcsetpgrp(s, fg)), await_state(fg, 0, 'S'), await_state(bg, 0, 'S');
        write(m, "\032", 1), waitpid(fg, &st, WUNTRACED), say("foreground %s", status_text(st));
        kill(fg, SIGCONT), waitpid(fg, &st, WCONTINUED), say("foreground %s", status_text(st));
        write(m, "\003", 1), waitpid(fg, &st, WUNTRACED), say("foreground %s", status_text(st));
        R(waitpid(bg, &st, WNOHANG)), kill(bg, SIGKILL), waitpid(bg, &st, 0), say("background %s", status_text(st));
    }
    reap("session", c);
    // ^S stops output, ^Q lets it go on.
    write(m, "\023", 1), nap(300), fcntl(s, F_SETFL, O_NONBLOCK), R(write(s, "x", 1)), take("stopped", m, 0);
    write(m, "\021", 1), nap(300), R(write(s, "y", 1)), take("going on", m, 1);
    // A signal sent through the master by ioctl
    CHILD(c) { setsid(), ioctl(s, TIOCSCTTY, 0); gate_open(g); while (pause()) {} }
    gate_wait(g), await_state(c, 0, 'S'), R(ioctl(m, TIOCSIG, SIGINT)), reap("TIOCSIG", c);
    R(ioctl(m, TIOCSIG, 99));
}
