// SPDX-License-Identifier: MPL-2.0
// getrlimit, setrlimit, prlimit64: soft and hard, raising, rights, other processes, inheritance, errors in order.
// Covers: getrlimit setrlimit prlimit64
#include "../conf.h"
#include <sys/resource.h>
#undef prlimit64
#undef prlimit
static void show(const char *what, int r)
{
    struct rlimit l;
    if (SC(getrlimit, r, &l))
        say("%s: %s", what, ename(errno));
    else
        say("%s: %lld %lld", what, (long long)l.rlim_cur, (long long)l.rlim_max);
}
static pid_t target;
static void user(void)
{
    struct rlimit l = {50, 100};
    R(SC(setrlimit, RLIMIT_NOFILE, &l)), show("nofile", RLIMIT_NOFILE);
    l.rlim_cur = 100, R(SC(setrlimit, RLIMIT_NOFILE, &l)), l.rlim_cur = 101, R(SC(setrlimit, RLIMIT_NOFILE, &l));
    l.rlim_max = 101, R(SC(setrlimit, RLIMIT_NOFILE, &l)), l.rlim_cur = l.rlim_max = 60, R(SC(setrlimit, RLIMIT_NOFILE, &l));
    l.rlim_max = 100, R(SC(setrlimit, RLIMIT_NOFILE, &l)), show("nofile", RLIMIT_NOFILE);
    R(SC(prlimit64, target, RLIMIT_NOFILE, 0, &l)), R(SC(prlimit64, getpid(), RLIMIT_NOFILE, 0, &l));
}
static void test(void)
{
    struct rlimit l = {1000, 2000}, o;
    for (int i = 0; i < 16; i++) {
        int r = SC(getrlimit, i, &o);
        say("limit %d: %d, soft not above hard %d", i, r, o.rlim_cur <= o.rlim_max);
    }
    R(SC(getrlimit, 16, &o)), R(SC(getrlimit, -1, &o)), R(SC(getrlimit, 0, BAD)), R(SC(getrlimit, 16, BAD)), R(SC(setrlimit, 16, &l)), R(SC(setrlimit, 0, BAD));
    R(SC(setrlimit, RLIMIT_NOFILE, &l)), show("nofile", RLIMIT_NOFILE);
    l.rlim_max = 4000, R(SC(setrlimit, RLIMIT_NOFILE, &l)), show("root raises", RLIMIT_NOFILE);
    l.rlim_cur = 5000, R(SC(setrlimit, RLIMIT_NOFILE, &l)), l.rlim_max = 1ul << 30, R(SC(setrlimit, RLIMIT_NOFILE, &l)); // over what the system allows
    l = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY}, R(SC(setrlimit, RLIMIT_CORE, &l)), show("core", RLIMIT_CORE);
    l = (struct rlimit){7, 7}, R(SC(prlimit64, 0, RLIMIT_CORE, &l, &o)), say("old %lld, now", (long long)o.rlim_cur), show("core", RLIMIT_CORE);
    R(SC(prlimit64, 0, RLIMIT_CORE, 0, 0)), R(SC(prlimit64, 1 << 22, RLIMIT_CORE, 0, &o)), R(SC(prlimit64, 0, 99, 0, &o)), R(SC(prlimit64, 0, RLIMIT_CORE, BAD, &o)), R(SC(prlimit64, 0, RLIMIT_CORE, 0, BAD));
    pid_t c;
    CHILD(c) { show("inherited", RLIMIT_CORE); while (pause()) {} }
    await_state(c, 0, 'S');
    l.rlim_cur = 3, R(SC(prlimit64, c, RLIMIT_CORE, &l, &o)), R(SC(prlimit64, c, RLIMIT_CORE, 0, &o)), V(o.rlim_cur), show("ours", RLIMIT_CORE);
    target = c;
    as_user(1000, user);
    kill(c, SIGKILL), waitpid(c, 0, 0);
    // Processes: a user is stopped at the limit, root is not.
    CHILD(c) {
        l = (struct rlimit){3, 3}, SC(setrlimit, RLIMIT_NPROC, &l);
        pid_t k[5];
        int n = 0;
        setuid(34567);
        for (; n < 5 && (k[n] = fork()) >= 0; n++)
            if (k[n] == 0) {
                while (pause()) {}
            }
        say("forked %d, then %s", n, ename(errno));
        for (int i = 0; i < n; i++)
            kill(k[i], SIGKILL), waitpid(k[i], 0, 0);
        k[0] = fork();
        if (k[0] == 0)
            _exit(0);
        say("again %d", k[0] > 0);
    }
    reap("processes", c);
}
