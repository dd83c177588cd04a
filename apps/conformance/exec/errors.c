// SPDX-License-Identifier: MPL-2.0
// execve: every reason to fail, in the order in which Linux checks.
// Covers: execve execveat
#include "../conf.h"
#define RUN(call) do { pid_t c_; CHILD(c_) { errno = 0; long r_ = (long)(call); say("%s = %ld %s", #call, r_, ename(errno)); } \
    waitpid(c_, 0, 0); } while (0)
static char *args[] = {"x", 0}, *env[] = {0};
static void other(void)
{
    RUN(SC(execve, "root_only", args, env));
    RUN(SC(execve, "closed/x", args, env));
    RUN(SC(execve, "nox", args, env));
    RUN(SC(execve, "text", args, env));
}
static void test(void)
{
    put_file("nox", "#!/bin/sh\n", 0644), put_file("empty", "", 0755), put_file("text", "hello, this is no program\n", 0755);
    put_file("root_only", "text", 0700), put_file("short", "\177ELF", 0755), put_file("one", "x", 0755);
    mkdir("dir", 0755), mkdir("closed", 0700), put_file("closed/x", "", 0777);
    symlink("loop", "loop"), mkfifo("fifo", 0755), mknod("dev", S_IFCHR | 0755, 0x103);
    char longname[300];
    memset(longname, 'n', 299), longname[299] = 0;
    RUN(SC(execve, "none", args, env));
    RUN(SC(execve, "none/x", args, env));
    RUN(SC(execve, "nox/x", args, env));
    RUN(SC(execve, "", args, env));
    RUN(SC(execve, BAD, args, env));
    RUN(SC(execve, "nox", args, env));
    RUN(SC(execve, "nox", BAD, env));
    RUN(SC(execve, "none", BAD, env));
    RUN(SC(execve, "text", BAD, env));
    RUN(SC(execve, "text", args, BAD));
    RUN(SC(execve, "empty", args, env));
    RUN(SC(execve, "one", args, env));
    RUN(SC(execve, "text", args, env));
    RUN(SC(execve, "text", 0, env)); // an empty argv
    RUN(SC(execve, "short", args, env));
    RUN(SC(execve, "dir", args, env));
    RUN(SC(execve, "loop", args, env));
    RUN(SC(execve, "fifo", args, env));
    RUN(SC(execve, "dev", args, env));
    RUN(SC(execve, longname, args, env));
    RUN(SC(execveat, 99, "text", args, env, 0));
    RUN(SC(execveat, AT_FDCWD, "text", args, env, 1));
    RUN(SC(execveat, open("text", O_RDONLY), "x", args, env, 0));
    // Bad strings
    char *bad[] = {"x", BAD, 0};
    RUN(SC(execve, "text", bad, env));
    RUN(SC(execve, "text", args, bad));
    // Argument sizes: one string of 128 KiB is too long, and all together may be a quarter of the stack limit.
    char *big = malloc(200000);
    memset(big, 'a', 200000);
    big[131072] = 0;
    char *one[] = {"x", big, 0};
    RUN(SC(execve, "text", one, env));
    big[131071] = 0;
    RUN(SC(execve, "text", one, env));
    char *many[100];
    for (int i = 0; i < 99; i++)
        many[i] = big;
    many[99] = 0;
    RUN(SC(execve, "text", many, env));
    many[10] = 0;
    RUN(SC(execve, "text", many, env));
    // A file which is open for writing; writing to a running program
    put_file("busy", "#!/bin/sh\nexit 0\n", 0755);
    int w = open("busy", O_WRONLY);
    RUN(SC(execve, "busy", args, env));
    close(w);
    char prog[200000];
    snprintf(prog, sizeof prog, "cp %s copy", conf_self);
    pid_t c = fork();
    if (c == 0)
        execl("/bin/busybox", "cp", conf_self, "copy", (char *)0), _exit(1);
    waitpid(c, 0, 0);
    int p[2];
    pipe(p);
    put_file("script", "#!./copy\n", 0755);
    put_file("nointerp", "#!/none/such\n", 0755);
    put_file("noxinterp", "#!./nox\n", 0755);
    put_file("dirinterp", "#!/\n", 0755);
    put_file("blank", "#!  \n", 0755);
    put_file("selfinterp", "#!./selfinterp\n", 0755);
    RUN(SC(execve, "nointerp", args, env));
    RUN(SC(execve, "noxinterp", args, env));
    RUN(SC(execve, "dirinterp", args, env));
    RUN(SC(execve, "blank", args, env));
    RUN(SC(execve, "selfinterp", args, env));
    umask(0), chmod(".", 0777);
    as_user(1000, other);
}
