// SPDX-License-Identifier: MPL-2.0
// vfork, clone and clone3: what is shared, exit signals, the set-tid flags, errors.
// Covers: vfork clone clone3 set_tid_address
#include "../conf.h"
#include <sys/resource.h>
struct clone_args { uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup; };
static volatile int shared, got;
static int child_fn(void *a)
{
    shared = 7;
    close((int)(long)a);
    return 5;
}
static void caught(int s) { got = s; }
static void no_more(void)
{
    struct rlimit l = {0, 0};
    struct clone_args a = {.exit_signal = SIGCHLD};
    setrlimit(RLIMIT_NPROC, &l);
    R(SC(fork)), R(SC(vfork)), R(SC(clone, SIGCHLD, 0, 0, 0, 0)), R(SC(clone3, &a, sizeof a));
}
static char stack[65536] __attribute__((aligned(16)));
static void test(void)
{
    pid_t c, ptid = 0;
    int st, fd = open("f", O_CREAT | O_RDWR, 0644);
    // vfork: the parent waits, memory is shared.
    c = vfork();
    if (c == 0) {
        shared = 3;
        _exit(4);
    }
    say("after vfork shared %d", shared), reap("vfork", c);
    // A clone without flags is a fork.
    c = SC(clone, SIGCHLD, 0, 0, 0, 0);
    if (c == 0) {
        shared = 100;
        SC(exit, 1);
    }
    reap("clone", c), V(shared);
    // Sharing memory and descriptors
    c = clone(child_fn, stack + sizeof stack, CLONE_VM | CLONE_FILES | SIGCHLD, (void *)(long)fd);
    reap("VM|FILES", c), V(shared);
    R(fcntl(fd, F_GETFD));
    fd = open("f", O_CREAT | O_RDWR, 0644);
    c = clone(child_fn, stack + sizeof stack, CLONE_VM | SIGCHLD, (void *)(long)fd);
    reap("VM", c), R(fcntl(fd, F_GETFD));
    // CLONE_FS: the working directory
    mkdir("d", 0755);
    c = SC(clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
    if (c == 0)
        chdir("d"), umask(0), SC(exit, 0);
    reap("FS", c);
    char b[100];
    say("moved: %d umask %o", !strcmp(getcwd(b, 100) + strlen(conf_dir), "/d"), umask(022));
    // Other exit signals: only __WCLONE or __WALL see such children.
    on(SIGUSR1, caught, 0);
    c = SC(clone, SIGUSR1, 0, 0, 0, 0);
    if (c == 0)
        SC(exit, 2);
    await_state(c, 0, 'Z');
    V(got == SIGUSR1);
    R(SC(wait4, c, &st, 0, 0));
    R(SC(wait4, c, &st, __WCLONE, 0) == c), say("%s", status_text(st));
    c = SC(clone, 0, 0, 0, 0, 0);
    if (c == 0)
        SC(exit, 2);
    R(SC(wait4, -1, &st, __WALL, 0) == c), say("%s", status_text(st));
    // Where the kernel stores the tid
    static volatile pid_t ctid;
    c = SC(clone, CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | SIGCHLD, 0, &ptid, &ctid, 0);
    if (c == 0) {
        say("child tid %d", ctid == getpid());
        R(SC(set_tid_address, &ctid) == getpid());
        SC(exit, 0);
    }
    reap("settid", c), say("parent tid %d, child's not here %d", ptid == c, ctid == 0);
    // CLONE_PARENT: the new child is the parent's.
    c = fork();
    if (c == 0) {
        pid_t d = SC(clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
        if (d == 0)
            SC(exit, 6);
        R(SC(wait4, d, &st, 0, 0));
        _exit(0);
    }
    waitpid(c, 0, 0);
    R(waitpid(-1, &st, 0) > 0), say("%s", status_text(st));
    R(SC(clone, CLONE_THREAD | SIGCHLD, 0, 0, 0, 0));
    R(SC(clone, CLONE_SIGHAND | SIGCHLD, 0, 0, 0, 0));
    R(SC(clone, CLONE_FS | CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0));
    struct clone_args a = {.flags = CLONE_PARENT_SETTID, .exit_signal = SIGCHLD, .parent_tid = (uintptr_t)&ptid};
    c = SC(clone3, &a, sizeof a);
    if (c == 0)
        SC(exit, 8);
    say("clone3 tid %d", ptid == c), reap("clone3", c);
    R(SC(clone3, &a, 8));
    R(SC(clone3, &a, 63));
    R(SC(clone3, &a, 1 << 20));
    R(SC(clone3, BAD, sizeof a));
    a.exit_signal = 65;
    R(SC(clone3, &a, sizeof a));
    a.exit_signal = SIGCHLD, a.stack_size = 100;
    R(SC(clone3, &a, sizeof a));
    a.stack_size = 0, a.flags = CLONE_THREAD;
    R(SC(clone3, &a, sizeof a));
    a.flags = 1;
    R(SC(clone3, &a, sizeof a));
    as_user(1000, no_more);
}
