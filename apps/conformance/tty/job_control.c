// SPDX-License-Identifier: MPL-2.0
// Job control: controlling terminals, foreground groups, SIGTTIN and SIGTTOU, TOSTOP, orphans, /dev/tty, errors.
// Covers: ioctl setsid setpgid read write
#include "../conf.h"
static int m, s, back;
static volatile int noticed_count;
static void noticed(int sig) { (void)sig, noticed_count++; }
static void come_forward(int sig)
{
    signal(SIGTTOU, SIG_IGN);
    noticed(sig), tcsetpgrp(back, getpgrp());
}
static void stopped(const char *what, pid_t c)
{
    int st;
    if (waitpid(c, &st, WUNTRACED) != c)
        say("%s: %s", what, ename(errno));
    else
        say("%s: %s", what, status_text(st));
}
static void leader(void)
{
    pid_t c, d, p;
    struct termios t;
    char b[10];
    R(open("/dev/tty", O_RDWR));
    R(ioctl(s, TIOCGPGRP, &p)), R(ioctl(s, TIOCGSID, &p)), R(tcsetpgrp(s, getpgrp()));
    R(ioctl(s, TIOCSCTTY, 0)), R(ioctl(s, TIOCSCTTY, 0));
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
    OK(tty);
    R(tcgetpgrp(s) == getpgrp()), R(ioctl(s, TIOCGSID, &p)), V(p == getpid());
    R(ioctl(m, TIOCGPGRP, &p)), V(p == getpgrp()), R(ioctl(m, TIOCGSID, &p));
    // The background reads: SIGTTIN; ignored or blocked: EIO.
    CHILD(c) { setpgid(0, 0); R(read(tty, b, 10)); }
    stopped("background read", c), kill(c, SIGKILL), stopped("end", c);
    CHILD(c) { setpgid(0, 0); signal(SIGTTIN, SIG_IGN); R(read(tty, b, 10)); }
    stopped("ignored", c);
    CHILD(c) { sigset_t x; setpgid(0, 0); sigemptyset(&x), sigaddset(&x, SIGTTIN), sigprocmask(SIG_BLOCK, &x, 0); R(read(tty, b, 10)); }
    stopped("blocked", c);
    // Stopped, then made the foreground: the read goes on.
    CHILD(c) { setpgid(0, 0); long n = read(tty, b, 10); show_bytes("background, now foreground, read", b, n); }
    stopped("background read", c);
    signal(SIGTTOU, SIG_IGN), R(tcsetpgrp(tty, c)), write(m, "typed\n", 6), kill(c, SIGCONT), stopped("end", c), R(tcsetpgrp(tty, getpgrp()));
    take("echo", m, 7);
    // The background writes: allowed, unless TOSTOP.
    CHILD(c) { setpgid(0, 0); signal(SIGTTOU, SIG_DFL); R(write(tty, "w", 1)); }
    stopped("background write", c), take("written", m, 1);
    tcgetattr(s, &t), t.c_lflag |= TOSTOP, tcsetattr(s, TCSANOW, &t);
    CHILD(c) { setpgid(0, 0); signal(SIGTTOU, SIG_DFL); R(write(tty, "w", 1)); }
    stopped("TOSTOP", c), kill(c, SIGKILL), stopped("end", c);
    CHILD(c) { setpgid(0, 0); R(write(tty, "v", 1)); } // SIGTTOU is ignored: allowed
    stopped("TOSTOP, ignored", c), take("written", m, 1);
    // Changing the terminal from the background: SIGTTOU whatever TOSTOP.
    CHILD(c) { setpgid(0, 0); signal(SIGTTOU, SIG_DFL); R(tcsetattr(tty, TCSANOW, &t)); }
    stopped("tcsetattr", c), kill(c, SIGKILL), stopped("end", c);
    CHILD(c) { setpgid(0, 0); signal(SIGTTOU, SIG_DFL); R(tcsetpgrp(tty, getpgrp())); }
    stopped("tcsetpgrp", c), kill(c, SIGKILL), stopped("end", c);
    // With a handler the change is interrupted, or tried again when the handler has made its group the foreground.
    CHILD(c) { setpgid(0, 0); on(SIGTTOU, noticed, 0); R(SC(ioctl, tty, TCSETS, &t)); on(SIGTTOU, come_forward, SA_RESTART), back = tty; R(SC(ioctl, tty, TCSETS, &t)); V(noticed_count); }
    stopped("handled", c), signal(SIGTTOU, SIG_IGN), R(tcsetpgrp(tty, getpgrp()));
    CHILD(c) { setpgid(0, 0); R(tcgetattr(tty, &t)), R(tcgetpgrp(tty) == getppid()); }
    stopped("asking", c);
    // An orphaned background group gets EIO.
    int p2[2];
    pipe(p2);
    CHILD(c) { pid_t me = getpid(); CHILD(d) { setpgid(0, 0); while (getppid() == me) nap(1); nap(20); errno = 0; long r = read(tty, b, 10); dprintf(p2[1], "%ld %s", r, ename(errno)); } setpgid(d, d); nap(20); }
    close(p2[1]);
    stopped("parent", c), take("orphan's read", p2[0], 6);
    // Wrong groups
    R(tcsetpgrp(tty, 1 << 22)), R(tcsetpgrp(tty, -1)), p = getppid(), R(tcsetpgrp(tty, getpgid(p)));
    R(tcsetpgrp(tty, getpgrp()));
    CHILD(c) { setsid(); R(open("/dev/tty", O_RDWR)), R(tcgetpgrp(tty)), R(ioctl(s, TIOCSCTTY, 0)), R(ioctl(s, TIOCSCTTY, 1)), R(tcgetpgrp(s) == getpid()); }
    stopped("another session", c);
}
static void test(void)
{
    pid_t c;
    m = pty_open(&s);
    R(ioctl(s, TIOCSCTTY, 0)); // no session leader
    CHILD(c) { setsid(); leader(); }
    reap("leader", c);
    close(s);
    // Opening a terminal without O_NOCTTY makes it the controlling one of a leader that has none.
    char path[32];
    int n;
    ioctl(m, TIOCGPTN, &n), sprintf(path, "/dev/pts/%d", n);
    CHILD(c) { setsid(); int f = open(path, O_RDWR); OK(f), OK(open("/dev/tty", O_RDWR)), R(tcgetpgrp(f) == getpid());
        signal(SIGHUP, SIG_IGN); R(ioctl(f, TIOCNOTTY)), R(open("/dev/tty", O_RDWR)), R(ioctl(f, TIOCNOTTY)); }
    reap("by opening", c);
    CHILD(c) { setsid(); OK(open(path, O_RDWR | O_NOCTTY)), R(open("/dev/tty", O_RDWR)); }
    reap("O_NOCTTY", c);
}
