// SPDX-License-Identifier: MPL-2.0
// rt_sigaction: old actions, flags, one-shot handlers, masks of handlers, what cannot be caught, errors in order.
// Covers: rt_sigaction rt_sigprocmask
#include "../conf.h"
static int total, depth, max_depth;
static void plain(int s) { say("plain %s", sname(s)); }
static void info(int s, siginfo_t *i, void *u)
{
    say("info %s code %s from us %d context %d", sname(s), cname(s, i->si_code), i->si_pid == getpid(), u != 0);
}
static void again(int s)
{
    if (++depth > max_depth)
        max_depth = depth;
    if (++total < 4)
        raise(s);
    depth--;
}
static void masked(int s)
{
    sigset_t m;
    sigprocmask(0, 0, &m);
    say("in %s: USR1 %d USR2 %d TERM %d KILL %d", sname(s), sigismember(&m, SIGUSR1), sigismember(&m, SIGUSR2),
        sigismember(&m, SIGTERM), sigismember(&m, SIGKILL));
}
struct kaction { void (*handler)(int); unsigned long flags; void *restorer; unsigned long mask; };
static void test(void)
{
    struct kaction k = {0}, old;
    R(SC(rt_sigaction, SIGUSR1, 0, &old, 8));
    say("default %d flags %lx mask %lx", old.handler == SIG_DFL, old.flags, old.mask);
    R(SC(rt_sigaction, SIGUSR1, 0, 0, 8));
    R(SC(rt_sigaction, 0, 0, &old, 8));
    R(SC(rt_sigaction, 65, 0, &old, 8));
    R(SC(rt_sigaction, -1, 0, &old, 8));
    R(SC(rt_sigaction, 64, 0, &old, 8));
    R(SC(rt_sigaction, SIGUSR1, 0, &old, 16));
    R(SC(rt_sigaction, 0, 0, &old, 16));
    R(SC(rt_sigaction, SIGKILL, &k, 0, 8));
    R(SC(rt_sigaction, SIGSTOP, &k, 0, 8));
    R(SC(rt_sigaction, SIGKILL, 0, &old, 8));
    R(SC(rt_sigaction, SIGUSR1, BAD, 0, 8));
    R(SC(rt_sigaction, SIGUSR1, 0, BAD, 8));
    R(SC(rt_sigaction, SIGKILL, BAD, 0, 8));
    k.handler = SIG_IGN, k.flags = 0, k.mask = ~0ul;
    R(SC(rt_sigaction, SIGUSR1, &k, BAD, 8)); // the action is set although the old one cannot be stored
    R(SC(rt_sigaction, SIGUSR1, 0, &old, 8));
    say("ignored %d mask %lx", old.handler == SIG_IGN, old.mask); // KILL and STOP are taken out of masks
    on(SIGUSR1, plain, 0), raise(SIGUSR1), raise(SIGUSR1);
    on_info(SIGUSR1, info, 0), raise(SIGUSR1), kill(getpid(), SIGUSR1);
    // One shot
    on(SIGUSR1, plain, SA_RESETHAND), raise(SIGUSR1);
    struct sigaction a;
    sigaction(SIGUSR1, 0, &a), say("default again %d flags kept %d", a.sa_handler == SIG_DFL, !!(a.sa_flags & SA_RESETHAND));
    // The signal itself is blocked in its handler, unless SA_NODEFER.
    on(SIGUSR2, again, 0), max_depth = total = 0, raise(SIGUSR2), V(max_depth);
    on(SIGUSR2, again, SA_NODEFER), max_depth = total = 0, raise(SIGUSR2), V(max_depth);
    // sa_mask
    memset(&a, 0, sizeof a), a.sa_handler = masked, sigaddset(&a.sa_mask, SIGTERM), sigaddset(&a.sa_mask, SIGKILL);
    sigaction(SIGUSR2, &a, 0), raise(SIGUSR2);
    a.sa_flags = SA_NODEFER, sigaction(SIGUSR2, &a, 0), raise(SIGUSR2);
    sigaddset(&a.sa_mask, SIGUSR2), sigaction(SIGUSR2, &a, 0), raise(SIGUSR2); // sa_mask wins over SA_NODEFER
    sigaction(SIGUSR2, 0, &a), X(a.sa_flags & ~0x4000000);
    // Setting SIG_IGN throws a pending signal away; so does the default of a signal that is ignored.
    sigset_t s, p;
    sigfillset(&s), sigprocmask(SIG_BLOCK, &s, 0);
    on(SIGUSR1, plain, 0), raise(SIGUSR1), sigpending(&p), V(sigismember(&p, SIGUSR1));
    signal(SIGUSR1, SIG_IGN), sigpending(&p), V(sigismember(&p, SIGUSR1));
    on(SIGCHLD, plain, 0), raise(SIGCHLD), sigpending(&p), V(sigismember(&p, SIGCHLD));
    signal(SIGCHLD, SIG_DFL), sigpending(&p), V(sigismember(&p, SIGCHLD));
    raise(SIGUSR1), sigpending(&p), V(sigismember(&p, SIGUSR1)); // blocked and ignored: kept
    on(SIGUSR1, plain, 0), sigemptyset(&s), sigprocmask(SIG_SETMASK, &s, 0);
    // The action is per process and survives fork.
    pid_t c;
    on(SIGUSR1, plain, 0);
    CHILD(c) { raise(SIGUSR1); }
    reap("child", c);
}
