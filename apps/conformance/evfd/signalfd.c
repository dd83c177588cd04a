// SPDX-License-Identifier: MPL-2.0
// signalfd: reading signals, several at a time, masks, poll, what the struct says, errors in order.
// Covers: signalfd signalfd4
#include "../conf.h"
#include <poll.h>
#include <sys/signalfd.h>
static void show(const char *what, int fd)
{
    struct signalfd_siginfo i[4];
    long n = read(fd, i, sizeof i);
    if (n < 0) {
        say("%s: %s", what, ename(errno));
        return;
    }
    for (long k = 0; k < n / (long)sizeof *i; k++)
        say("%s: %s code %s pid %s uid %d int %d status %d", what, sname(i[k].ssi_signo), cname(i[k].ssi_signo, i[k].ssi_code),
            (pid_t)i[k].ssi_pid == getpid() ? "self" : i[k].ssi_pid ? "other" : "0", i[k].ssi_uid, i[k].ssi_int, i[k].ssi_status);
}
static void test(void)
{
    unsigned long m = 1ul << (SIGUSR1 - 1) | 1ul << (SIGCHLD - 1) | 1ul << 39, kill9 = 1ul << (SIGKILL - 1);
    sigset_t s;
    sigfillset(&s), sigprocmask(SIG_BLOCK, &s, 0);
    int fd = SC(signalfd, -1, &m, 8);
    OK(fd), R(fcntl(fd, F_GETFD));
    fcntl(fd, F_SETFL, O_NONBLOCK);
    show("none", fd);
    raise(SIGUSR1), raise(SIGUSR2), sigqueue(getpid(), 40, (union sigval){.sival_int = 5}), sigqueue(getpid(), 40, (union sigval){.sival_int = 6});
    struct pollfd p = {fd, POLLIN | POLLOUT, 0};
    R(poll(&p, 1, 0)), X(p.revents);
    show("several", fd), show("after", fd);
    sigpending(&s), say("USR1 taken %d, USR2 still pending %d", !sigismember(&s, SIGUSR1), sigismember(&s, SIGUSR2));
    // Changing the set of an open one
    unsigned long m2 = 1ul << (SIGUSR2 - 1);
    R(SC(signalfd4, fd, &m2, 8, 0) == fd), show("changed", fd);
    R(SC(signalfd4, -1, &m, 4, 0)), R(SC(signalfd4, -1, &m, 8, 1)), R(SC(signalfd4, 99, &m, 8, 0)), R(SC(signalfd4, 1, &m, 8, 0));
    R(SC(signalfd4, -1, BAD, 8, 0)), OK(SC(signalfd4, -1, &kill9, 8, 0));
    R(SC(signalfd, -1, &m, 4)), R(SC(signalfd, 99, &m, 8)), R(SC(signalfd, 1, &m, 8)), R(SC(signalfd, -1, BAD, 8));
    int g = SC(signalfd4, -1, &m, 8, SFD_CLOEXEC | SFD_NONBLOCK);
    R(fcntl(g, F_GETFD)), R(fcntl(g, F_GETFL));
    pid_t c;
    CHILD(c) { _exit(6); }
    p.fd = g, R(poll(&p, 1, 5000)), show("child", g);
    waitpid(c, 0, 0);
    struct signalfd_siginfo i;
    R(read(g, &i, 100)), R(write(g, &i, sizeof i)), R(lseek(g, 0, SEEK_SET));
    raise(SIGUSR1), R(read(g, BAD, sizeof i)); // taken away all the same?
    show("after a fault", g);
    // A signal that is not blocked goes to its handler, not to the descriptor.
    signal(SIGUSR1, SIG_IGN);
    sigemptyset(&s), sigaddset(&s, SIGUSR1), sigprocmask(SIG_UNBLOCK, &s, 0);
    raise(SIGUSR1), show("ignored", g);
    sigprocmask(SIG_BLOCK, &s, 0);
    // Blocking
    struct gate gg = gate_make();
    sigemptyset(&s), sigaddset(&s, SIGALRM), sigprocmask(SIG_UNBLOCK, &s, 0);
    fcntl(g, F_SETFL, 0);
    INTR(read(g, &i, sizeof i));
    CHILD(c) { await_state(getppid(), 0, 'S'); sigqueue(getppid(), 40, (union sigval){.sival_int = 9}); gate_wait(gg); }
    show("from a child", g);
    gate_open(gg), waitpid(c, 0, 0), fcntl(g, F_SETFL, O_NONBLOCK), show("it ended", g);
    // What a child reads are its own signals.
    raise(SIGCHLD);
    CHILD(c) { show("in the child", g); raise(SIGUSR1), signal(SIGUSR1, SIG_DFL), raise(SIGUSR1), show("in the child", g); }
    waitpid(c, 0, 0), show("parent", g);
}
