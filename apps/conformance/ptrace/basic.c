// SPDX-License-Identifier: MPL-2.0
// PTRACE_TRACEME, PTRACE_CONT, PTRACE_DETACH, PTRACE_KILL: what the tracer waits for; errors in order.
// Covers: ptrace wait4 waitid
#include "../ptrace.h"
static void got(int s) { say("child got %s", sname(s)); }
static void test(void)
{
    pid_t p;
    int st;
    siginfo_t i;
    // Errors.
    R(PT(PTRACE_CONT, 999999, 0, 0));
    R(PT(PTRACE_ATTACH, 999999, 0, 0));
    R(PT(PTRACE_CONT, getpid(), 0, 0));
    R(PT(PTRACE_ATTACH, getpid(), 0, 0));
    R(PT(PTRACE_SEIZE, getpid(), 0, 0));
    R(PT(PTRACE_SEIZE, getpid(), 1, 0));
    R(PT(PTRACE_SEIZE, getpid(), 0, 1 << 30));
    R(PT(PTRACE_CONT, 1, 0, 0));
    R(PT(77, getpid(), 0, 0));
    CHILD(p) {
        R(PT(PTRACE_TRACEME, 0, 0, 0));
        R(PT(PTRACE_TRACEME, 0, 0, 0));
    }
    seen("traceme", p);
    // A life with signals.
    TRACED(p) {
        on(SIGUSR1, got, 0);
        raise(SIGUSR1), raise(SIGUSR1), raise(SIGUSR2);
        say("child goes on");
        raise(SIGTERM);
        say("child never says this");
    }
    seen("first", p);
    R(PT(PTRACE_CONT, p, 0, 65));
    R(PT(77, p, 0, 0));
    R(PT(PTRACE_LISTEN, p, 0, 0));
    R(PT(PTRACE_INTERRUPT, p, 0, 0));
    R(waitpid(p, &st, WNOHANG));
    GO("usr1", PTRACE_CONT, p, 0);
    GO("usr1 again", PTRACE_CONT, p, SIGUSR1);
    GO("usr2", PTRACE_CONT, p, 0);
    PT(PTRACE_CONT, p, 0, 0);
    // waitid, with and without WNOWAIT.
    memset(&i, 0, sizeof i);
    R(waitid(P_PID, p, &i, WSTOPPED | WNOWAIT));
    say("%s %d %d", cname(i.si_signo, i.si_code), i.si_code, i.si_status);
    R(waitid(P_PID, p, &i, WEXITED));
    say("%d %d", i.si_code, i.si_status);
    GO("end", PTRACE_CONT, p, SIGTERM);
    R(PT(PTRACE_CONT, p, 0, 0));
    // Kill.
    TRACED(p) { say("never"); }
    seen("to kill", p);
    R(PT(PTRACE_KILL, p, 0, 0));
    seen("killed", p);
    // Detach, with a signal.
    TRACED(p) { on(SIGUSR2, got, 0); raise(SIGUSR1); say("alone"); _exit(3); }
    seen("to detach", p);
    GO("to detach", PTRACE_CONT, p, 0);
    R(PT(PTRACE_DETACH, p, 0, 99));
    GO("detached", PTRACE_DETACH, p, SIGUSR2);
    // An ignored signal is seen by the tracer, too.
    TRACED(p) { signal(SIGUSR1, SIG_IGN); raise(SIGUSR1), raise(SIGWINCH), raise(SIGCHLD); _exit(4); }
    st = seen("ignoring", p);
    for (int k = 0; k < 4; k++)
        PT(PTRACE_CONT, p, 0, k ? WSTOPSIG(st) : 0), st = seen("ignoring", p);
}
