// SPDX-License-Identifier: MPL-2.0
// fork and wait4: what a child inherits and what not, statuses, options, errors in order.
// Covers: fork wait4 exit getpid getppid
#include "../conf.h"
#include <sys/resource.h>
static volatile int value = 1;
static void test(void)
{
    int st = -1;
    struct rusage ru;
    pid_t me = getpid(), c;
    R(SC(wait4, -1, &st, 0, 0));
    int fd = open("f", O_RDWR | O_CREAT, 0644);
    alarm(1000);
    sigset_t s;
    sigemptyset(&s), sigaddset(&s, SIGUSR1), sigaddset(&s, SIGUSR2);
    sigprocmask(SIG_BLOCK, &s, 0);
    raise(SIGUSR1);
    umask(011);
    chdir("/");
    if ((c = SC(fork)) == 0) {
        value = 2;
        char b[100];
        say("parent is right: %d, pid differs: %d", (int)(SC(getppid) == me), (int)(SC(getpid) != me));
        say("tid is pid: %d", (int)(SC(gettid) == SC(getpid)));
        sigset_t m, p;
        sigprocmask(0, 0, &m), sigpending(&p);
        say("mask kept %d, pending kept %d", sigismember(&m, SIGUSR2), sigismember(&p, SIGUSR1));
        say("alarm left %u, umask %o, cwd %s", alarm(0), umask(0), getcwd(b, 100));
        write(fd, "child", 5);
        SC(exit, 300 + 7);
    }
    R(SC(wait4, c, &st, 0, &ru) == c);
    say("child is positive: %d", c > 0);
    say("%s, value %d, offset %ld", status_text(st), value, (long)lseek(fd, 0, SEEK_CUR));
    alarm(0);
    R(SC(wait4, c, &st, 0, 0));
    R(SC(wait4, -1, &st, 0, 0));
    R(SC(wait4, me, &st, 0, 0));
    R(SC(wait4, -1, &st, 0x100, 0));
    // WNOHANG
    struct gate g = gate_make();
    CHILD(c) { gate_wait(g); _exit(1); }
    R(SC(wait4, c, &st, WNOHANG, 0));
    R(SC(wait4, -1, &st, WNOHANG, 0));
    R(SC(wait4, c, &st, 0x100, 0));
    R(SC(wait4, c + 100000, &st, 0, 0));
    R(SC(wait4, -c, &st, WNOHANG, 0)); // no such group
    R(SC(wait4, 0, &st, WNOHANG, 0));
    R(SC(wait4, -getpgrp(), &st, WNOHANG, 0));
    R(SC(wait4, INT_MIN, &st, WNOHANG, 0));
    INTR(SC(wait4, c, &st, 0, 0));
    gate_open(g);
    R(SC(wait4, 0, &st, 0, 0) == c);
    say("%s", status_text(st));
    // A bad status pointer: the child is gone all the same.
    CHILD(c) {}
    R(SC(wait4, c, BAD, 0, 0));
    R(SC(wait4, c, &st, 0, 0));
    // Killed children
    int sigs[] = {SIGKILL, SIGTERM, SIGSEGV, SIGUSR1, SIGRTMIN};
    for (int i = 0; i < 5; i++) {
        sigemptyset(&s);
        CHILD(c) {
            struct rlimit no = {0, 0};
            setrlimit(RLIMIT_CORE, &no), sigprocmask(SIG_SETMASK, &s, 0), kill(getpid(), sigs[i]), pause();
        }
        reap(sname(sigs[i]), c);
    }
    // Many children, collected in the order asked for
    pid_t many[20];
    for (int i = 0; i < 20; i++)
        CHILD(many[i]) { _exit(i); }
    int sum = 0, ok = 0;
    for (int i = 19; i >= 0; i--)
        ok += waitpid(many[i], &st, 0) == many[i] && WEXITSTATUS(st) == i, sum += WEXITSTATUS(st);
    say("%d right, sum %d", ok, sum);
    R(SC(wait4, -1, 0, WNOHANG, 0));
}
