// SPDX-License-Identifier: MPL-2.0
// Which blocking calls are restarted after a handler with SA_RESTART, and which give EINTR all the same.
// Covers: nanosleep clock_nanosleep poll select pselect6 ppoll epoll_wait wait4 read futex rt_sigtimedwait pause
#include "../conf.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
static int p[2];
static pid_t child;
static struct gate go;
static int word;
static void feed(int n) { if (n == 3) write(p[1], "x", 1); }
static void release(int n) { if (n == 3) gate_open(go); }
static void wake(int n) { if (n >= 3) word = 1, SC(futex, &word, 1, 1, 0, 0, 0); }
static void test(void)
{
    char b[8];
    pipe(p), go = gate_make();
    struct pollfd f = {p[0], POLLIN, 0};
    struct timespec t = {5, 0};
    struct timeval tv = {5, 0};
    int ep = epoll_create1(0), st;
    struct epoll_event ev = {.events = EPOLLIN};
    epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev);
    fd_set r;
    // Restarted
    RESTART(feed, SC(read, p[0], b, 1));
    CHILD(child) { gate_wait(go); _exit(4); }
    RESTART(release, SC(wait4, child, &st, 0, 0) == child), say("%s", status_text(st));
    CHILD(child) { gate_wait(go); _exit(4); }
    siginfo_t si;
    RESTART(release, SC(waitid, P_PID, child, &si, WEXITED, 0));
    word = 0;
    RESTART(wake, SC(futex, &word, 0, 0, 0, 0, 0));
    // Never restarted
    RESTART(feed, SC(poll, &f, 1, 5000)), RESTART(0, SC(ppoll, &f, 0, &t, 0, 8));
    FD_ZERO(&r);
    RESTART(0, SC(select, 0, 0, 0, 0, &tv));
    t.tv_sec = 5, t.tv_nsec = 0;
    RESTART(0, SC(pselect6, 0, 0, 0, 0, &t, 0));
    RESTART(0, SC(epoll_wait, ep, &ev, 1, 5000));
    RESTART(0, SC(epoll_pwait, ep, &ev, 1, 5000, 0, 8));
    RESTART(0, SC(pause));
    struct timespec rem = {0, 0};
    t.tv_sec = 5, t.tv_nsec = 0;
    RESTART(0, SC(nanosleep, &t, &rem));
    say("time left: %d", rem.tv_sec >= 2 && rem.tv_sec < 5);
    RESTART(0, SC(clock_nanosleep, CLOCK_MONOTONIC, 0, &t, &rem));
    say("time left: %d", rem.tv_sec >= 2 && rem.tv_sec < 5);
    struct timespec abs;
    clock_gettime(CLOCK_MONOTONIC, &abs), abs.tv_sec += 5;
    RESTART(0, SC(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &abs, 0));
    unsigned long none = 1;
    RESTART(0, SC(rt_sigtimedwait, &none, 0, &t, 8));
    // With a stop and continue in between, without handlers, these go on without EINTR.
    pid_t me = getpid();
    CHILD(child) { await_state(me, 0, 'S'); kill(me, SIGSTOP); await_state(me, 0, 'T'); kill(me, SIGCONT); }
    t = (struct timespec){0, 300000000};
    R(SC(nanosleep, &t, &rem));
    waitpid(child, 0, 0);
    CHILD(child) { await_state(me, 0, 'S'); kill(me, SIGSTOP); await_state(me, 0, 'T'); kill(me, SIGCONT); }
    f.fd = -1;
    R(SC(poll, &f, 1, 300));
    waitpid(child, 0, 0);
    CHILD(child) { await_state(me, 0, 'S'); kill(me, SIGSTOP); await_state(me, 0, 'T'); kill(me, SIGCONT); await_state(me, 0, 'S'); write(p[1], "y", 1); }
    while (read(p[0], b, 1) == 1 && b[0] == 'x') {}
    say("read \"%c\"", b[0]);
    waitpid(child, 0, 0);
}
