// SPDX-License-Identifier: MPL-2.0
// kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo: si_code and its fields, rights, errors in order.
// Covers: kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo
#include "../conf.h"
static pid_t parent;
static void info(int s, siginfo_t *i, void *u)
{
    (void)u;
    say("  %s code %s pid %s uid %d value %d errno %d", sname(s), cname(s, i->si_code),
        i->si_pid == getpid() ? "self" : i->si_pid == getppid() ? "parent" : i->si_pid == 0 ? "0" : "other", i->si_uid,
        i->si_code == SI_QUEUE || i->si_code < -10 ? i->si_value.sival_int : 0, i->si_errno);
}
static void other(void)
{
    R(SC(kill, parent, 0));
    R(SC(kill, parent, SIGUSR1));
    R(SC(kill, parent, 99));
    R(SC(kill, 1, 0));
    R(SC(kill, getppid(), SIGCONT)); // another user's, but of the same session
    pid_t a, b;
    struct gate g = gate_make();
    CHILD(a) { gate_wait(g); }
    CHILD(b) { setsid(), gate_wait(g); }
    R(SC(kill, -1, SIGTERM)); // everything this user may signal, but not itself
    reap("a", a), reap("b", b);
    R(SC(kill, -1, 0));
}
static void test(void)
{
    pid_t me = getpid(), c;
    parent = me;
    on_info(SIGUSR1, info, 0), on_info(40, info, 0);
    R(SC(kill, me, SIGUSR1));
    R(SC(kill, 0, 0));
    R(SC(kill, me, 0));
    R(SC(kill, me, 65));
    R(SC(kill, me, -1));
    R(SC(kill, 1 << 22, SIGUSR1));
    R(SC(kill, 1 << 22, 65));
    R(SC(kill, INT_MIN, SIGUSR1));
    R(SC(tkill, me, SIGUSR1));
    R(SC(tkill, 0, SIGUSR1));
    R(SC(tkill, -1, SIGUSR1));
    R(SC(tkill, 1 << 22, SIGUSR1));
    R(SC(tkill, me, 65));
    R(SC(tgkill, me, me, SIGUSR1));
    R(SC(tgkill, me, me, 0));
    R(SC(tgkill, getppid(), me, SIGUSR1));
    R(SC(tgkill, -1, me, SIGUSR1));
    R(SC(tgkill, me, 0, SIGUSR1));
    R(SC(tgkill, me, me, 65));
    siginfo_t i;
    memset(&i, 0, sizeof i);
    i.si_code = SI_QUEUE, i.si_pid = me, i.si_uid = 55, i.si_value.sival_int = 77, i.si_errno = 3;
    R(SC(rt_sigqueueinfo, me, SIGUSR1, &i)); // what is in the struct is not checked
    R(SC(rt_sigqueueinfo, me, 40, &i));
    R(SC(rt_sigqueueinfo, me, 0, &i));
    i.si_code = -60;
    R(SC(rt_sigqueueinfo, me, 40, &i));
    i.si_code = SI_USER;
    R(SC(rt_sigqueueinfo, me, 40, &i)); // to itself a process may claim anything
    i.si_code = SI_TKILL;
    R(SC(rt_tgsigqueueinfo, me, me, 40, &i));
    struct gate g = gate_make();
    CHILD(c) { gate_wait(g); }
    R(SC(rt_sigqueueinfo, c, 0, &i)); // to others not SI_USER and above, nor SI_TKILL
    i.si_code = SI_USER;
    R(SC(rt_sigqueueinfo, c, 0, &i));
    i.si_code = 5;
    R(SC(rt_sigqueueinfo, c, 0, &i));
    i.si_code = SI_QUEUE;
    R(SC(rt_sigqueueinfo, c, 0, &i));
    R(SC(rt_sigqueueinfo, 1 << 22, 0, &i));
    R(SC(rt_sigqueueinfo, c, 65, &i));
    R(SC(rt_sigqueueinfo, c, 0, BAD));
    R(SC(rt_tgsigqueueinfo, me, c, 0, &i));
    R(SC(rt_tgsigqueueinfo, 0, c, 0, &i));
    gate_open(g), reap("child", c);
    // From a parent; the sender's real uid
    int p[2];
    pipe(p);
    CHILD(c) { gate_open(g); char x; while (read(p[0], &x, 1) == -1 && errno == EINTR) {} }
    gate_wait(g);
    int r = sigqueue(c, 40, (union sigval){.sival_int = 5});
    await_state(c, 0, 'S');
    r += kill(c, SIGUSR1);
    await_state(c, 0, 'S');
    write(p[1], "x", 1), reap("child", c), V(r);
    // Zombies can be signalled.
    CHILD(c) {}
    await_state(c, 0, 'Z');
    R(SC(kill, c, SIGKILL));
    reap("zombie", c);
    as_user(54321, other);
    as_user(54322, other);
}
