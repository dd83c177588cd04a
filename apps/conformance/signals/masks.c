// SPDX-License-Identifier: MPL-2.0
// rt_sigprocmask, rt_sigpending: how, what, in which order blocked signals arrive, queues of real-time signals.
// Covers: rt_sigprocmask rt_sigpending rt_sigqueueinfo
#include "../conf.h"
static int order[64], n;
static void note(int s, siginfo_t *i, void *u)
{
    (void)u;
    order[n++] = s * 100 + (i->si_code == SI_QUEUE ? i->si_value.sival_int : 0);
}
static void show(const char *what)
{
    char b[400] = "";
    for (int i = 0; i < n; i++)
        sprintf(b + strlen(b), " %d", order[i]);
    say("%s:%s", what, b);
    n = 0;
}
static void test(void)
{
    unsigned long m, o, all = ~0ul, none = 0;
    R(SC(rt_sigprocmask, SIG_BLOCK, 0, &o, 8)), X(o);
    m = 1ul << (SIGUSR1 - 1) | 1ul << (SIGTERM - 1);
    R(SC(rt_sigprocmask, SIG_BLOCK, &m, &o, 8)), X(o);
    m = 1ul << (SIGTERM - 1);
    R(SC(rt_sigprocmask, SIG_UNBLOCK, &m, &o, 8)), X(o);
    R(SC(rt_sigprocmask, SIG_SETMASK, &all, &o, 8)), X(o);
    R(SC(rt_sigprocmask, SIG_SETMASK, &none, &o, 8)), X(o); // KILL and STOP are never blocked
    R(SC(rt_sigprocmask, 3, &none, &o, 8));
    R(SC(rt_sigprocmask, -1, &none, &o, 8));
    R(SC(rt_sigprocmask, 77, 0, &o, 8)); // how is not looked at without a set
    R(SC(rt_sigprocmask, SIG_BLOCK, &none, &o, 4));
    R(SC(rt_sigprocmask, 99, BAD, &o, 8));
    R(SC(rt_sigprocmask, SIG_BLOCK, BAD, &o, 8));
    R(SC(rt_sigprocmask, SIG_BLOCK, &all, BAD, 8));
    R(SC(rt_sigprocmask, SIG_SETMASK, &none, &o, 8)), X(o); // it had been set before the fault
    R(SC(rt_sigpending, &o, 8)), X(o);
    R(SC(rt_sigpending, &o, 16));
    R(SC(rt_sigpending, BAD, 8));
    m = 0;
    R(SC(rt_sigpending, &m, 4)); // smaller sizes are allowed here
    for (int s = 1; s < 65; s++)
        if (s != SIGKILL && s != SIGSTOP && (s < 32 || s > 34))
            on_info(s, note, 0);
    SC(rt_sigprocmask, SIG_SETMASK, &all, 0, 8);
    int sent[] = {SIGUSR2, SIGTERM, 40, SIGUSR1, SIGHUP, 39, SIGUSR2, SIGURG};
    for (size_t i = 0; i < ARRAY(sent); i++)
        kill(getpid(), sent[i]);
    R(SC(rt_sigpending, &o, 8)), X(o);
    SC(rt_sigprocmask, SIG_SETMASK, &none, 0, 8);
    show("delivered (the last set up runs first)");
    // One at a time: each handler blocks all.
    struct sigaction a;
    memset(&a, 0, sizeof a), a.sa_sigaction = note, a.sa_flags = SA_SIGINFO, sigfillset(&a.sa_mask);
    for (int s = 1; s < 65; s++)
        if (s != SIGKILL && s != SIGSTOP && (s < 32 || s > 34))
            sigaction(s, &a, 0);
    SC(rt_sigprocmask, SIG_SETMASK, &all, 0, 8);
    for (size_t i = 0; i < ARRAY(sent); i++)
        kill(getpid(), sent[i]);
    SC(rt_sigprocmask, SIG_SETMASK, &none, 0, 8);
    show("one at a time");
    // Faults are taken first, then by number.
    SC(rt_sigprocmask, SIG_SETMASK, &all, 0, 8);
    kill(getpid(), SIGHUP), kill(getpid(), SIGSEGV), kill(getpid(), SIGUSR1), kill(getpid(), SIGILL);
    SC(rt_sigprocmask, SIG_SETMASK, &none, 0, 8);
    show("synchronous first");
    // Real-time signals queue with their values, classic ones do not.
    SC(rt_sigprocmask, SIG_SETMASK, &all, 0, 8);
    for (int i = 1; i <= 5; i++)
        sigqueue(getpid(), 41, (union sigval){.sival_int = i}), sigqueue(getpid(), 40, (union sigval){.sival_int = i + 10}),
            sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = i + 20});
    SC(rt_sigprocmask, SIG_SETMASK, &none, 0, 8);
    show("queued");
    // Signals for the thread come before those for the process.
    SC(rt_sigprocmask, SIG_SETMASK, &all, 0, 8);
    kill(getpid(), SIGHUP), SC(tgkill, getpid(), gettid(), SIGUSR2), kill(getpid(), 45), SC(tgkill, getpid(), gettid(), 46);
    SC(rt_sigprocmask, SIG_SETMASK, &none, 0, 8);
    show("thread first");
}
