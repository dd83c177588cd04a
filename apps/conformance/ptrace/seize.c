// SPDX-License-Identifier: MPL-2.0
// PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_LISTEN, group stops of seized and of attached threads, SIGCONT, the real parent's view.
// Covers: ptrace wait4
#include "../ptrace.h"
static void info(pid_t p)
{
    siginfo_t si;
    memset(&si, 0, sizeof si);
    long r = PT(PTRACE_GETSIGINFO, p, 0, &si);
    if (r)
        say("  no siginfo: %s", ename(errno));
    else
        say("  %s code %#x", sname(si.si_signo), si.si_code);
}
static void none(const char *what, pid_t p)
{
    int st;
    nap(30);
    say("%s: %d", what, waitpid(p, &st, WNOHANG | __WALL));
}
static pid_t sleeper(void)
{
    pid_t p;
    CHILD(p) { for (;;) SC(pause); }
    await_state(p, 0, 'S');
    return p;
}
static void test(void)
{
    pid_t p = sleeper();
    R(PT(PTRACE_SEIZE, p, 0, T_SYSGOOD));
    R(PT(PTRACE_SEIZE, p, 0, 0));
    R(PT(PTRACE_ATTACH, p, 0, 0));
    none("seized", p);
    R(PT(PTRACE_CONT, p, 0, 0));
    R(PT(PTRACE_LISTEN, p, 0, 0));
    R(PT(PTRACE_INTERRUPT, p, 0, 0));
    seen("interrupted", p), info(p);
    say("rax %ld orig_rax %ld", REG(p, rax), REG(p, orig_rax));
    R(PT(PTRACE_LISTEN, p, 0, 0));
    R(PT(PTRACE_CONT, p, 0, 0));
    // A signal waits until it goes on; what happens to the group is told.
    R(kill(p, SIGSTOP));
    none("stop signal", p);
    R(PT(PTRACE_INTERRUPT, p, 0, 0));
    seen("again", p), info(p);
    PT(PTRACE_CONT, p, 0, 0);
    seen("stop signal", p), info(p);
    PT(PTRACE_CONT, p, 0, SIGSTOP);
    seen("group stop", p), info(p);
    R(PT(PTRACE_LISTEN, p, 0, 0));
    none("listening", p);
    say("state %c", task_state(p, 0));
    R(PT(PTRACE_PEEKUSER, p, 0, 0));
    R(kill(p, SIGCONT));
    seen("continued", p), info(p);
    PT(PTRACE_CONT, p, 0, 0);
    seen("cont", p), info(p);
    PT(PTRACE_CONT, p, 0, SIGCONT);
    // Interrupt while stopped, twice.
    R(PT(PTRACE_INTERRUPT, p, 0, 0)), seen("interrupted", p);
    R(PT(PTRACE_INTERRUPT, p, 0, 0)), R(PT(PTRACE_INTERRUPT, p, 0, 0));
    PT(PTRACE_CONT, p, 0, 0);
    seen("again", p);
    // A group stop that the tracer ignores: the process runs on; another one is seen again.
    PT(PTRACE_CONT, p, 0, 0);
    kill(p, SIGTSTP), seen("tstp", p), PT(PTRACE_CONT, p, 0, SIGTSTP), seen("group stop", p);
    PT(PTRACE_CONT, p, 0, 0);
    await_state(p, 0, 'S'), say("state %c", task_state(p, 0));
    kill(p, SIGSTOP), seen("stop", p), PT(PTRACE_CONT, p, 0, SIGSTOP), seen("group stop", p);
    // Detached while the group is stopped: it stays stopped.
    R(PT(PTRACE_DETACH, p, 0, 0));
    await_state(p, 0, 'T'), say("state %c", task_state(p, 0));
    // Attached while stopped.
    R(PT(PTRACE_SEIZE, p, 0, 0));
    seen("seized", p), info(p);
    R(PT(PTRACE_DETACH, p, 0, 0));
    await_state(p, 0, 'T');
    R(PT(PTRACE_ATTACH, p, 0, 0));
    seen("attached", p), info(p);
    PT(PTRACE_CONT, p, 0, 0);
    seen("attach's own", p), info(p);
    PT(PTRACE_CONT, p, 0, 0);
    kill(p, SIGCONT), seen("cont", p);
    PT(PTRACE_CONT, p, 0, SIGCONT);
    R(PT(PTRACE_INTERRUPT, p, 0, 0));
    kill(p, SIGTERM), seen("term", p), PT(PTRACE_CONT, p, 0, SIGTERM), seen("end", p);
    // Not seized: group stops have no siginfo, and SIGCONT does not end them.
    p = sleeper();
    R(PT(PTRACE_ATTACH, p, 0, 0)), seen("attach", p), info(p);
    PT(PTRACE_CONT, p, 0, 0);
    kill(p, SIGTSTP), seen("tstp", p), info(p);
    PT(PTRACE_CONT, p, 0, SIGTSTP), seen("group stop", p), info(p);
    kill(p, SIGCONT), none("still", p);
    PT(PTRACE_CONT, p, 0, 0), seen("cont", p), info(p);
    PT(PTRACE_CONT, p, 0, SIGCONT);
    kill(p, SIGKILL), seen("killed", p);
    // SIGKILL in a stop.
    p = sleeper();
    PT(PTRACE_SEIZE, p, 0, T_EXIT), PT(PTRACE_INTERRUPT, p, 0, 0), seen("interrupted", p);
    kill(p, SIGKILL), seen("killed", p);
    R(PT(PTRACE_CONT, p, 0, 0));
    seen("end", p);
}
