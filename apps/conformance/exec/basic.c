// SPDX-License-Identifier: MPL-2.0
// execve: arguments, environment, what is kept and what is reset, /proc/self/exe, fexecve by execveat.
// Covers: execve execveat
#include "../conf.h"
extern char **environ;
static void nothing(int s) { (void)s; }
int conf_reexec(int argc, char **argv)
{
    if (!strcmp(argv[1], "args")) {
        for (int i = 0; i < argc; i++)
            if (i || argv[0][0] != '/')
                say("  arg %d: \"%s\"", i, argv[i]);
        for (int i = 0; environ[i]; i++)
            say("  env: %s", environ[i]);
    } else if (!strcmp(argv[1], "state")) {
        struct sigaction a, b;
        sigset_t m, p;
        char d[100];
        sigaction(SIGUSR1, 0, &a), sigaction(SIGUSR2, 0, &b), sigprocmask(0, 0, &m), sigpending(&p);
        say("  handled -> default %d, ignored stays %d", a.sa_handler == SIG_DFL, b.sa_handler == SIG_IGN);
        say("  mask kept %d, pending kept %d", sigismember(&m, SIGTERM), sigismember(&p, SIGTERM));
        say("  pid kept %d, umask %o, group leader %d", atoi(argv[2]) == getpid(), umask(0), getpgrp() == getpid());
        say("  open %d closed %d, offset %ld", fcntl(10, F_GETFD), fcntl(11, F_GETFD), (long)lseek(10, 0, SEEK_CUR));
        say("  cwd kept %d, alarm pending %d", strcmp(getcwd(d, 100), argv[3]) == 0, alarm(0) > 0);
        stack_t ss;
        sigaltstack(0, &ss);
        say("  alternate stack gone %d", ss.ss_flags == SS_DISABLE);
    } else if (!strcmp(argv[1], "again")) {
        char n[16];
        sprintf(n, "%d", atoi(argv[2]) - 1);
        if (atoi(argv[2]))
            execl(argv[3], "x", "again", n, argv[3], (char *)0);
        say("  end of the chain");
    }
    return 3;
}
#define RUN(call) do { pid_t c_; CHILD(c_) { long r_ = (long)(call); say("%s = %ld %s", #call, r_, ename(errno)); _exit(126); } \
    reap(#call, c_); } while (0)
static void test(void)
{
    char *args[] = {"zero", "args", "", "with space", 0}, *env[] = {"A=1", "EMPTY=", "odd", 0}, *none[] = {0}, pid[16];
    RUN(SC(execve, conf_self, args, env));
    RUN(SC(execve, conf_self, args, 0));
    RUN(SC(execve, conf_self, args, none));
    RUN(SC(execve, "/proc/self/exe", args, none));
    int fd = open(conf_self, O_RDONLY), o = open(conf_self, O_PATH);
    RUN(SC(execveat, fd, "", args, none, AT_EMPTY_PATH));
    RUN(SC(execveat, o, "", args, none, AT_EMPTY_PATH));
    RUN(SC(execveat, fd, "", args, none, 0));
    RUN(SC(execveat, 99, "", args, none, AT_EMPTY_PATH));
    RUN(SC(execveat, fd, "", args, none, 0x8000));
    symlink(conf_self, "link");
    RUN(SC(execve, "link", args, none));
    RUN(SC(execveat, AT_FDCWD, "link", args, none, AT_SYMLINK_NOFOLLOW));
    mkdir("d", 0755), symlink(conf_self, "d/link");
    RUN(SC(execveat, open("d", O_RDONLY), "link", args, none, 0));
    // What is kept
    int f = open("f", O_RDWR | O_CREAT, 0644);
    write(f, "12345", 5);
    pid_t c;
    CHILD(c) {
        dup2(f, 10), dup3(f, 11, O_CLOEXEC);
        on(SIGUSR1, nothing, 0), signal(SIGUSR2, SIG_IGN);
        sigset_t s;
        sigemptyset(&s), sigaddset(&s, SIGTERM), sigprocmask(SIG_BLOCK, &s, 0), raise(SIGTERM);
        umask(0123), setpgid(0, 0), alarm(100);
        stack_t ss = {.ss_sp = malloc(65536), .ss_size = 65536};
        sigaltstack(&ss, 0);
        sprintf(pid, "%d", getpid());
        execl(conf_self, conf_self, "state", pid, conf_dir, (char *)0);
    }
    reap("state", c);
    CHILD(c) { execl(conf_self, "x", "again", "20", conf_self, (char *)0); }
    reap("chain", c);
    // vfork and exec: the parent goes on at the exec; environ and memory are untouched.
    c = vfork();
    if (c == 0) {
        execle(conf_self, "v", "args", (char *)0, env);
        _exit(1);
    }
    reap("vfork", c);
}
