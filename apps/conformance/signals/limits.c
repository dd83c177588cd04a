// SPDX-License-Identifier: MPL-2.0
// Queues of signals: order and loss, RLIMIT_SIGPENDING with EAGAIN, kill never fails for it.
// Covers: rt_sigqueueinfo prlimit64
#include "../conf.h"
#include <sys/resource.h>
#undef prlimit64
#ifndef RLIMIT_SIGPENDING
#define RLIMIT_SIGPENDING 11
#endif
static int n, sum, codes;
static void note(int s, siginfo_t *i, void *u)
{
    (void)s, (void)u;
    n++, sum = sum * 3 + i->si_value.sival_int, codes += i->si_code == SI_USER;
}
static void user(void)
{
    struct rlimit rl = {10, 10};
    sigset_t s;
    R(setrlimit(RLIMIT_SIGPENDING, &rl));
    sigfillset(&s), sigprocmask(SIG_SETMASK, &s, 0);
    int ok = 0;
    while (sigqueue(getpid(), 50, (union sigval){.sival_int = ok}) == 0)
        ok++;
    say("queued %d, then %s", ok, ename(errno));
    R(sigqueue(getpid(), 51, (union sigval){.sival_int = 1}));
    R(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 1}));
    R(kill(getpid(), SIGUSR2)); // always gets through, with less information
    R(kill(getpid(), 52));
    sigset_t p;
    sigpending(&p);
    say("pending 50 %d 51 %d 52 %d USR1 %d USR2 %d", sigismember(&p, 50), sigismember(&p, 51), sigismember(&p, 52),
        sigismember(&p, SIGUSR1), sigismember(&p, SIGUSR2));
    for (int i = 50; i < 53; i++)
        on_info(i, note, 0);
    on_info(SIGUSR2, note, 0), on_info(SIGUSR1, note, 0);
    sigemptyset(&s), sigprocmask(SIG_SETMASK, &s, 0);
    say("delivered %d, codes of kill %d", n, codes);
    R(sigqueue(getpid(), 50, (union sigval){.sival_int = 1})); // there is room again
}
static void test(void)
{
    sigset_t s;
    on_info(45, note, 0);
    sigfillset(&s), sigprocmask(SIG_SETMASK, &s, 0);
    for (int i = 0; i < 500; i++)
        if (sigqueue(getpid(), 45, (union sigval){.sival_int = i}))
            say("%d: %s", i, ename(errno));
    sigemptyset(&s), sigprocmask(SIG_SETMASK, &s, 0);
    say("delivered %d, order %x", n, sum);
    n = sum = 0;
    as_user(4242, user);
    struct rlimit o;
    R(SC(prlimit64, 0, RLIMIT_SIGPENDING, 0, &o));
}
