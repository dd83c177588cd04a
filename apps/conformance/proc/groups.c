// SPDX-License-Identifier: MPL-2.0
// Process groups and sessions: setpgid, getpgid, setsid, getsid, signals to groups, errors in order.
// Covers: setpgid getpgid getpgrp setsid getsid kill
#include "../conf.h"
static void test(void)
{
    pid_t me = getpid(), c, d;
    struct gate g = gate_make(), h = gate_make();
    R(SC(getpgid, 0) == SC(getpgrp));
    R(SC(getpgid, -1));
    R(SC(getpgid, 1 << 22));
    R(SC(getsid, -1));
    R(SC(getsid, 1 << 22));
    R(SC(getsid, me) == SC(getsid, 0));
    CHILD(c) {
        say("child begins in the parent's group: %d", getpgrp() == getpgid(getppid()));
        R(SC(setpgid, 0, 0));
        say("own group: %d", getpgrp() == getpid());
        R(SC(setsid)); // a group leader cannot
        R(SC(setpgid, 0, -1));
        R(SC(setpgid, -1, 0));
        R(SC(setpgid, getppid(), 0));
        R(SC(setpgid, 1 << 22, 0));
        R(SC(setpgid, 0, 1 << 22)); // no such group
        R(SC(setpgid, 0, getpgid(getppid())));
        say("back: %d", getpgrp() == getpgid(getppid()));
        R(SC(setsid) == getpid());
        say("leader of a new session: %d %d", getsid(0) == getpid(), getpgrp() == getpid());
        R(SC(setpgid, 0, 0));
        R(SC(setsid));
        say("parent in another session: %d", getsid(getppid()) != getsid(0));
        CHILD(d) { say("inherited: %d", getsid(0) == getppid()); R(SC(setpgid, 0, getppid())); }
        waitpid(d, 0, 0);
    }
    reap("child", c);
    // The parent moves a child; not after it has exec'd.
    CHILD(c) { gate_wait(g); }
    R(SC(setpgid, c, c));
    R(SC(getpgid, c) == c);
    CHILD(d) { gate_wait(g); }
    R(SC(setpgid, d, c));
    R(SC(getpgid, d) == c);
    // A signal for the group
    R(SC(kill, -c, 0));
    R(SC(kill, -c, SIGTERM));
    reap("first", c), reap("second", d);
    R(SC(kill, -c, SIGTERM));
    R(SC(kill, -(1 << 22), SIGTERM));
    // The group lives while a member does, also without its leader.
    CHILD(c) { setpgid(0, 0); CHILD(d) { gate_open(h); gate_wait(g); } _exit(d & 0 ? 1 : 0); }
    gate_wait(h);
    reap("leader", c);
    R(SC(kill, -c, 0));
    R(SC(kill, -c, SIGKILL));
    gate_close(g);
    CHILD(c) {
        setsid();
        CHILD(d) { await_state(getppid(), 0, 'Z'); pause(); }
        // Waiting by group
        R(SC(setpgid, d, d));
        int st;
        R(SC(wait4, -getpgrp(), &st, 0, 0));
        kill(d, SIGTERM);
        R(SC(wait4, -d, &st, 0, 0) == d), say("%s", status_text(st));
    }
    reap("waiter", c);
    // After exec a child is out of reach for setpgid.
    int p[2];
    pipe(p);
    c = fork();
    if (c == 0) {
        dup2(p[0], 0);
        close(p[1]);
        execl("/bin/busybox", "cat", (char *)0);
        _exit(127);
    }
    await_state(c, 0, 'S');
    nap(50);
    R(SC(setpgid, c, c));
    close(p[1]);
    reap("cat", c);
}
