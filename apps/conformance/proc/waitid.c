// SPDX-License-Identifier: MPL-2.0
// waitid: kinds of ids, what siginfo says, WNOWAIT, stopped and continued children, errors in order.
// Covers: waitid wait4
#include "../conf.h"
static void show(const char *what, const siginfo_t *i, pid_t c)
{
    say("%s: signo %s code %s pid right %d uid %d status %d", what, sname(i->si_signo), cname(i->si_signo, i->si_code),
        i->si_pid == c, i->si_uid, i->si_status);
}
static void test(void)
{
    siginfo_t i;
    pid_t c;
    R(SC(waitid, P_ALL, 0, &i, WEXITED, 0));
    CHILD(c) { _exit(9); }
    memset(&i, 1, sizeof i);
    R(SC(waitid, P_PID, c, &i, WEXITED | WNOWAIT, 0)), show("seen", &i, c);
    R(SC(waitid, P_PID, c, &i, WEXITED, 0)), show("taken", &i, c);
    R(SC(waitid, P_PID, c, &i, WEXITED, 0));
    struct gate g = gate_make();
    CHILD(c) { gate_wait(g); gate_wait(g); _exit(3); }
    memset(&i, 1, sizeof i);
    R(SC(waitid, P_PID, c, &i, WEXITED | WNOHANG, 0));
    say("none: pid %d signo %d", i.si_pid, i.si_signo);
    R(SC(waitid, P_PID, c, &i, 0, 0));
    R(SC(waitid, P_PID, c, &i, WNOHANG, 0));
    R(SC(waitid, P_PID, c, &i, WEXITED | 0x100, 0));
    R(SC(waitid, 9, c, &i, WEXITED, 0));
    R(SC(waitid, P_PID, 0, &i, WEXITED, 0));
    R(SC(waitid, P_PID, -1, &i, WEXITED, 0));
    R(SC(waitid, P_PGID, -1, &i, WEXITED, 0));
    R(SC(waitid, P_PGID, c, &i, WEXITED, 0));
    R(SC(waitid, P_PGID, 0, &i, WEXITED | WNOHANG, 0));
    INTR(SC(waitid, P_PID, c, &i, WEXITED, 0));
    kill(c, SIGSTOP);
    R(SC(waitid, P_PID, c, &i, WSTOPPED, 0)), show("stopped", &i, c);
    R(SC(waitid, P_PID, c, &i, WSTOPPED | WNOHANG, 0)); // told once
    say("pid %d", i.si_pid);
    gate_open(g); // a stopped child does not run
    kill(c, SIGCONT);
    R(SC(waitid, P_PID, c, &i, WCONTINUED, 0)), show("continued", &i, c);
    kill(c, SIGTSTP);
    int st;
    R(SC(wait4, c, &st, WUNTRACED, 0) == c), say("%s", status_text(st));
    kill(c, SIGCONT);
    R(SC(wait4, c, &st, WCONTINUED, 0) == c), say("%s", status_text(st));
    gate_open(g);
    R(SC(waitid, P_PID, c, 0, WEXITED | WNOWAIT, 0));
    R(SC(waitid, P_ALL, 0, &i, WEXITED, 0)), show("exited", &i, c);
    CHILD(c) { kill(getpid(), SIGKILL); }
    R(SC(waitid, P_PGID, getpgrp(), &i, WEXITED, 0)), show("killed", &i, c);
    CHILD(c) { setuid(1234); _exit(1); }
    R(SC(waitid, P_ALL, 0, &i, WEXITED, 0)), show("other user", &i, c);
    CHILD(c) {}
    R(SC(waitid, P_PID, c, BAD, WEXITED, 0));
    R(SC(waitid, P_PID, c, &i, WEXITED, 0));
}
