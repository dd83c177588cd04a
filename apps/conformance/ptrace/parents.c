// SPDX-License-Identifier: MPL-2.0
// A tracer that is not the parent: who sees which event, the order of ends, the tracer's end, PTRACE_O_EXITKILL, TracerPid, rights.
// Covers: ptrace wait4
#include "../ptrace.h"
static long tracer_pid(pid_t p)
{
    char path[64], b[4096];
    sprintf(path, "/proc/%d/status", p);
    get_file(path, b, sizeof b);
    char *q = strstr(b, "TracerPid:");
    return q ? atol(q + 10) : -1;
}
static char state(pid_t p) { return task_state(p, 0); }
static void none(const char *what, pid_t p, int options)
{
    int st;
    nap(30);
    say("%s: %d", what, waitpid(p, &st, WNOHANG | options));
}
static pid_t target;
static void other(void)
{
    R(PT(PTRACE_ATTACH, target, 0, 0));
    R(PT(PTRACE_SEIZE, target, 0, 0));
}
static void test(void)
{
    pid_t p, t;
    struct gate go = gate_make(), done = gate_make();
    CHILD(p) { for (;;) SC(pause); }
    await_state(p, 0, 'S');
    say("tracer %ld", tracer_pid(p));
    CHILD(t) {
        R(PT(PTRACE_SEIZE, p, 0, T_EXIT));
        gate_open(done), gate_wait(go);
        say("tracer is me %d", tracer_pid(p) == getpid());
        kill(p, SIGSTOP);
        seen("tracer: stop", p), PT(PTRACE_CONT, p, 0, SIGSTOP), seen("tracer: group stop", p);
        gate_open(done), gate_wait(go);
        kill(p, SIGCONT);
        PT(PTRACE_CONT, p, 0, 0), seen("tracer: continued", p);
        PT(PTRACE_CONT, p, 0, 0), seen("tracer: cont", p), PT(PTRACE_CONT, p, 0, SIGCONT);
        gate_open(done), gate_wait(go);
        kill(p, SIGTERM), seen("tracer: term", p), PT(PTRACE_CONT, p, 0, SIGTERM);
        seen("tracer: exit", p);
        PT(PTRACE_CONT, p, 0, 0);
        await_state(p, 0, 'Z');
        gate_open(done), gate_wait(go);
        seen("tracer: end", p);
        R(waitpid(p, 0, WNOHANG));
        gate_open(done);
    }
    gate_wait(done);
    R(PT(PTRACE_SEIZE, p, 0, 0));
    none("parent", p, WUNTRACED);
    gate_open(go), gate_wait(done);
    say("state %c", state(p));
    int st;
    R(waitpid(p, &st, WUNTRACED) == p), say("parent: %s", status_text(st));
    none("parent again", p, WUNTRACED);
    gate_open(go), gate_wait(done);
    R(waitpid(p, &st, WCONTINUED) == p), say("parent: %s", status_text(st));
    gate_open(go), gate_wait(done);
    none("parent, tracer has not seen the end", p, 0);
    say("state %c", state(p));
    gate_open(go), gate_wait(done);
    reap("parent", p), reap("tracer", t);
    // The tracer ends: the tracee goes on, or stays stopped with its group, or is killed.
    for (int how = 0; how < 3; how++) {
        CHILD(p) { for (;;) SC(pause); }
        await_state(p, 0, 'S');
        CHILD(t) {
            PT(PTRACE_SEIZE, p, 0, how == 2 ? T_EXITKILL : 0);
            if (how == 1)
                kill(p, SIGSTOP), quiet(p), PT(PTRACE_CONT, p, 0, SIGSTOP), quiet(p);
            else
                PT(PTRACE_INTERRUPT, p, 0, 0), quiet(p);
            say("tracer: state %c", state(p));
        }
        reap("tracer", t);
        if (how < 2)
            await_state(p, 0, how == 0 ? 'S' : 'T'), say("state %c tracer %ld", state(p), tracer_pid(p)), kill(p, SIGKILL);
        reap("tracee", p);
    }
    // A tracee that is a zombie when its tracer ends: its parent gets it.
    CHILD(p) { gate_wait(go), _exit(9); }
    CHILD(t) { PT(PTRACE_SEIZE, p, 0, 0), gate_open(go), await_state(p, 0, 'Z'), say("zombie"); }
    reap("tracer", t), reap("tracee", p);
    // Rights.
    CHILD(target) { for (;;) SC(pause); }
    as_user(1000, other);
    kill(target, SIGKILL), reap("target", target);
    // Children of a tracee whose tracer does not follow are nobody's.
    gate_close(go), gate_close(done);
}
