// SPDX-License-Identifier: MPL-2.0
// pidfd_send_signal: flags, what arrives, si_code, forged information, groups, other users, processes that have ended.
// Covers: pidfd_open pidfd_send_signal
#include "../conf.h"
static volatile int got, code;
static void handler(int s, siginfo_t *i, void *x) { (void)x, got = s, code = i->si_code; }
static void shown(const char *what)
{
    say("%s: %s %s", what, got ? sname(got) : "nothing", got ? cname(got, code) : "");
    got = code = 0;
}
static int mine;
static void other(void)
{
    R(SC(pidfd_send_signal, mine, 0, 0, 0));
    R(SC(pidfd_send_signal, mine, SIGUSR1, 0, 0));
}
static void test(void)
{
    siginfo_t i;
    int null = open("/dev/null", O_RDONLY);
    struct gate g = gate_make();
    pid_t c;
    on_info(SIGUSR1, handler, 0);
    mine = SC(pidfd_open, getpid(), 0);
    R(SC(pidfd_send_signal, -1, SIGUSR1, 0, 0));
    R(SC(pidfd_send_signal, null, SIGUSR1, 0, 0));
    R(SC(pidfd_send_signal, mine, SIGUSR1, 0, 8));
    R(SC(pidfd_send_signal, mine, SIGUSR1, 0, 3));
    R(SC(pidfd_send_signal, mine, 65, 0, 0));
    R(SC(pidfd_send_signal, mine, -1, 0, 0));
    R(SC(pidfd_send_signal, mine, 0, 0, 0)), shown("0");
    R(SC(pidfd_send_signal, mine, SIGUSR1, 0, 0)), shown("self");
    R(SC(pidfd_send_signal, mine, SIGUSR1, 0, 1)), shown("thread");
    R(SC(pidfd_send_signal, mine, SIGUSR1, 0, 2)), shown("process");
    R(SC(pidfd_send_signal, mine, SIGUSR1, BAD, 0));
    memset(&i, 0, sizeof i);
    i.si_signo = SIGUSR2, i.si_code = SI_QUEUE;
    R(SC(pidfd_send_signal, mine, SIGUSR1, &i, 0));
    i.si_signo = SIGUSR1;
    R(SC(pidfd_send_signal, mine, SIGUSR1, &i, 0)), shown("queued");
    i.si_code = SI_USER;
    R(SC(pidfd_send_signal, mine, SIGUSR1, &i, 0)), shown("forged to itself");
    R(SC(pidfd_send_signal, mine, SIGUSR1, &i, 4)), shown("forged to a group");
    as_user(1000, other);
    CHILD(c) { setpgid(0, 0); gate_wait(g); _exit(3); }
    int fd = SC(pidfd_open, c, 0);
    setpgid(c, c);
    R(SC(pidfd_send_signal, fd, 0, &i, 0));
    R(SC(pidfd_send_signal, fd, SIGUSR1, &i, 0));
    i.si_code = SI_TKILL;
    R(SC(pidfd_send_signal, fd, SIGUSR1, &i, 0));
    R(SC(pidfd_send_signal, fd, SIGTERM, 0, 4));
    R(SC(waitid, P_PID, c, &i, WEXITED | WNOWAIT, 0));
    R(SC(pidfd_send_signal, fd, SIGTERM, 0, 0)); // a zombie
    reap("child", c);
    R(SC(pidfd_send_signal, fd, SIGTERM, 0, 0));
    R(SC(pidfd_send_signal, fd, 0, 0, 1));
    R(SC(pidfd_send_signal, fd, 0, 0, 4));
}
