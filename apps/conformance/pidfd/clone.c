// SPDX-License-Identifier: MPL-2.0
// CLONE_PIDFD of clone and clone3: the descriptor, which the child has not, and the errors.
// Covers: clone clone3 waitid
#include "../conf.h"
#define PIDFD 0x1000ul
#define SETTID 0x100000ul
struct args { uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls; };
static void use(const char *what, long p, int *at)
{
    siginfo_t i = {0};
    int fd = *at;
    if (p == 0)
        _exit(fcntl(fd, F_GETFD) == -1 ? 5 : 6);
    if (p < 0) {
        say("%s: %s", what, ename(errno));
        return;
    }
    say("%s: cloexec %d", what, fcntl(fd, F_GETFD));
    R(SC(waitid, 3, fd, &i, WEXITED, 0));
    say("status %d right %d", i.si_status, i.si_pid == p);
    close(fd);
}
static void test(void)
{
    int *fd = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), tid = -1;
    *fd = 90;
    use("clone", SC(clone, PIDFD | SIGCHLD, 0, fd, 0, 0), fd);
    struct args a = {.flags = PIDFD, .pidfd = (uintptr_t)fd, .exit_signal = SIGCHLD};
    *fd = 90;
    use("clone3", SC(clone3, &a, sizeof a), fd);
    a.flags |= SETTID, a.parent_tid = (uintptr_t)&tid;
    use("both", SC(clone3, &a, sizeof a), fd);
    V(tid > 0);
    a.parent_tid = (uintptr_t)fd;
    R(SC(clone3, &a, sizeof a));
    a.flags = PIDFD, a.pidfd = (uintptr_t)BAD;
    R(SC(clone3, &a, sizeof a));
    R(SC(clone, PIDFD | SETTID | SIGCHLD, 0, fd, 0, 0));
    R(SC(clone, PIDFD | 0x400000 | SIGCHLD, 0, fd, 0, 0)); // CLONE_DETACHED
    R(SC(clone, PIDFD | SIGCHLD, 0, BAD, 0, 0));
    R(waitpid(-1, 0, 0));
}
