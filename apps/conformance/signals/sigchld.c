// SPDX-License-Identifier: MPL-2.0
// SIGCHLD: codes and statuses, SA_NOCLDSTOP, SA_NOCLDWAIT, SIG_IGN, and when wait fails.
// Covers: rt_sigaction wait4
#include "../conf.h"
static pid_t child;
static volatile int count;
static void info(int s, siginfo_t *i, void *u)
{
    (void)u;
    count++;
    say("  %s %s the child %d status %d uid %d", sname(s), cname(s, i->si_code), i->si_pid == child, i->si_status, i->si_uid);
}
static void quiet(int s) { (void)s, count++; }
static void await(int n)
{
    for (int i = 0; i < 5000 && count < n; i++)
        nap(1);
    nap(20);
}
// A child that is stopped, continued, and then ends as told.
static void life(const char *what, int end)
{
    struct gate g = gate_make();
    int st = 0, base = count = 0;
    sigset_t s, o;
    say("%s", what);
    sigemptyset(&s), sigaddset(&s, SIGCHLD);
    sigprocmask(SIG_BLOCK, &s, &o);
    CHILD(child) { sigprocmask(SIG_SETMASK, &o, 0), SC(prctl, 4, 0, 0, 0, 0), gate_wait(g), end < 100 ? _exit(end) : (void)kill(getpid(), end - 100); }
    sigprocmask(SIG_SETMASK, &o, 0);
    kill(child, SIGSTOP), await_state(child, 0, 'T'), nap(20);
    kill(child, SIGCONT), await_state(child, 0, 'S'), nap(20);
    gate_open(g);
    (void)base, await_state(child, 0, 'Z'), nap(10);
    long r = waitpid(child, &st, 0);
    say("  wait: %s %s, signals %d", r == child ? "child" : ename(errno), r == child ? status_text(st) : "", count);
    gate_close(g);
}
static void test(void)
{
    on_info(SIGCHLD, info, SA_RESTART), life("plain", 3), life("killed", 100 + SIGTERM), life("segv", 100 + SIGSEGV);
    on_info(SIGCHLD, info, SA_RESTART | SA_NOCLDSTOP), life("NOCLDSTOP", 4);
    signal(SIGCHLD, SIG_DFL), life("default", 5);
    // The next ones end without becoming zombies; wait blocks until all are gone, then ECHILD.
    pid_t c[3];
    int st;
    signal(SIGCHLD, SIG_IGN);
    for (int i = 0; i < 3; i++)
        CHILD(c[i]) { nap(20 * i); _exit(i); }
    R(waitpid(-1, &st, 0));
    while (task_state(c[2], 0) != 0)  // its entry in /proc may go a little later
        nap(1);
    say("none left");
    on_info(SIGCHLD, info, SA_NOCLDWAIT | SA_RESTART);
    count = 0;
    struct gate g = gate_make();
    CHILD(child) { gate_wait(g); _exit(9); }
    gate_open(g);
    R(waitpid(child, &st, 0));
    await(1);
    say("signals %d", count);
    // A zombie made before stays.
    on_info(SIGCHLD, info, SA_RESTART), count = 0;
    sigset_t s, o;
    sigemptyset(&s), sigaddset(&s, SIGCHLD), sigprocmask(SIG_BLOCK, &s, &o);
    CHILD(child) { _exit(8); }
    await_state(child, 0, 'Z');
    sigset_t p;
    sigpending(&p), V(sigismember(&p, SIGCHLD));
    signal(SIGCHLD, SIG_IGN), sigpending(&p), V(sigismember(&p, SIGCHLD));
    R(waitpid(child, &st, 0) == child), say("%s", status_text(st));
    // SIGCHLD of several children can merge: they all can be waited for.
    count = 0, signal(SIGCHLD, SIG_DFL);
    for (int i = 0; i < 3; i++)
        CHILD(c[i]) { _exit(i); }
    for (int i = 0; i < 3; i++)
        await_state(c[i], 0, 'Z');
    on(SIGCHLD, quiet, SA_RESTART);
    sigpending(&p), V(sigismember(&p, SIGCHLD));
    sigprocmask(SIG_SETMASK, &o, 0);
    V(count);
    int n = 0;
    while (waitpid(-1, &st, WNOHANG) > 0)
        n++;
    V(n);
}
