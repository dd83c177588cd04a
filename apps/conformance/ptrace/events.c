// SPDX-License-Identifier: MPL-2.0
// PTRACE_O_TRACE*: fork, vfork, clone, exec, exit, and the children that are traced from the start; PTRACE_GETEVENTMSG.
// Covers: ptrace fork vfork clone execve
#include "../ptrace.h"
static char stack[16384];
static int thread_main(void *arg) { SC(exit, 7); return (long)arg; }
static void step(const char *what, pid_t p)
{
    PT(PTRACE_CONT, p, 0, 0);
    seen(what, p);
}
static long message(pid_t p)
{
    long v = -1;
    PT(PTRACE_GETEVENTMSG, p, 0, &v);
    return v;
}
static void test(void)
{
    pid_t p, q;
    siginfo_t si;
    const int all = T_FORK | T_VFORK | T_CLONE | T_EXEC | T_VFORKDONE | T_EXIT;
    TRACED(p) {
        if (fork() == 0)
            _exit(11);
        wait(0);
        if (vfork() == 0)
            _exit(12);
        wait(0);
        clone(thread_main, stack + sizeof stack, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, 0);
        raise(SIGUSR1);
        _exit(13);
    }
    seen("stop", p);
    R(PT(PTRACE_SETOPTIONS, p, 0, all));
    step("fork", p);
    q = message(p);
    say("message is a pid %d orig_rax %d rax %ld", q > 0 && q != p, REG(p, orig_rax) == SYS_fork || REG(p, orig_rax) == SYS_clone, REG(p, rax));
    R(PT(PTRACE_GETSIGINFO, p, 0, &si)), say("%s code %#x pid %d uid %d", sname(si.si_signo), si.si_code, si.si_pid == p, si.si_uid);
    seen("child", q);
    R(PT(PTRACE_GETSIGINFO, q, 0, &si)), say("%s code %d pid %d", sname(si.si_signo), si.si_code, si.si_pid);
    say("rax in child %ld", REG(q, rax));
    step("child", q);
    say("exit message %#lx", message(q));
    step("child", q);
    PT(PTRACE_CONT, p, 0, 0);
    say("SIGCHLD or vfork: %s", trace_text(quiet(p)));
    step("vfork", p);
    q = message(p);
    seen("child", q), step("child", q);
    say("exit message %#lx", message(q));
    step("child", q);
    step("vfork done", p);
    say("message is the child %d", message(p) == q);
    step("chld", p);
    step("clone", p);
    q = message(p);
    seen("thread", q);
    step("thread", q);
    say("exit message %#lx", message(q));
    PT(PTRACE_CONT, q, 0, 0), seen("thread", q);
    step("usr1", p);
    step("exit", p);
    say("exit message %#lx", message(p));
    step("end", p);
    // exec: an event, or a SIGTRAP.
    for (int with = 0; with < 2; with++) {
        TRACED(p) { char *args[] = {"/no/such", 0}; execv(args[0], args); execv("/bin/sh", (char *[]){"sh", "-c", "exit 6", 0}); _exit(1); }
        seen("stop", p);
        PT(PTRACE_SETOPTIONS, p, 0, with ? T_EXEC : 0);
        step("exec", p);
        say("message right %d rax %ld orig_rax %ld", message(p) == (with ? p : 0), REG(p, rax), REG(p, orig_rax));
        R(PT(PTRACE_GETSIGINFO, p, 0, &si)), say("%s code %#x pid %d", sname(si.si_signo), si.si_code, si.si_pid == p);
        step("end", p);
    }
    // EXIT of one that is killed, and SIGKILL in that stop.
    TRACED(p) { for (;;) SC(pause); }
    seen("stop", p);
    PT(PTRACE_SETOPTIONS, p, 0, T_EXIT);
    PT(PTRACE_CONT, p, 0, 0), kill(p, SIGTERM), seen("term", p);
    PT(PTRACE_CONT, p, 0, SIGTERM), seen("exit", p);
    say("exit message %#lx", message(p));
    // It is being killed already: one more does nothing.
    kill(p, SIGKILL), nap(20), R(waitpid(p, 0, WNOHANG));
    step("end", p);
    TRACED(p) { SC(exit, 3); }
    seen("stop", p);
    PT(PTRACE_SETOPTIONS, p, 0, T_EXIT);
    step("exit", p);
    kill(p, SIGKILL), nap(20), R(waitpid(p, 0, WNOHANG));
    step("end", p);
    // No options: children are not traced.
    TRACED(p) { pid_t c = fork(); if (c == 0) _exit(1); waitpid(c, 0, 0); }
    seen("stop", p), step("chld", p), step("end", p);
}
