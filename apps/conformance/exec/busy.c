// SPDX-License-Identifier: MPL-2.0
// ETXTBSY both ways: a running program cannot be written, a file open for writing cannot be run.
// Covers: execve open truncate
#include "../conf.h"
static char *args[] = {"copy", "sleep", 0}, *env[] = {0};
int conf_reexec(int argc, char **argv)
{
    (void)argc, (void)argv;
    char c;
    write(4, "r", 1);
    read(3, &c, 1);
    return 0;
}
static void test(void)
{
    pid_t c = fork();
    if (c == 0)
        execl("/bin/busybox", "cp", conf_self, "copy", (char *)0), _exit(1);
    reap("cp", c);
    int in[2], out[2];
    char b;
    pipe(in), pipe(out);
    CHILD(c) {
        dup2(in[0], 10), dup2(out[1], 11);
        dup2(10, 3), dup2(11, 4);
        for (int i = 5; i < 20; i++)
            close(i);
        execve("copy", args, env);
        say("exec: %s", ename(errno));
        _exit(1);
    }
    close(out[1]);
    R(read(out[0], &b, 1));
    R(open("copy", O_WRONLY));
    R(open("copy", O_RDWR));
    R(open("copy", O_RDONLY | O_TRUNC));
    R(truncate("copy", 0));
    OK(open("copy", O_RDONLY));
    R(chmod("copy", 0700));
    struct stat s;
    R(stat("copy", &s)), say("size > 10000: %d", s.st_size > 10000);
    link("copy", "copy2");
    R(open("copy2", O_WRONLY));
    R(unlink("copy"));
    write(in[1], "x", 1);
    reap("copy", c);
    int w = open("copy2", O_RDWR);
    OK(w);
    CHILD(c) { execve("copy2", args, env); say("exec: %s", ename(errno)); }
    reap("open for writing", c);
    int r = open("copy2", O_RDONLY);
    close(w);
    CHILD(c) { dup2(open("/dev/null", O_RDONLY), 3); dup2(open("/dev/null", O_WRONLY), 4); execve("copy2", args, env);
        say("exec: %s", ename(errno)); }
    reap("open for reading", c);
    // A shared writable mapping counts as a writer.
    w = open("copy2", O_RDWR);
    void *m = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, w, 0);
    close(w);
    CHILD(c) { execve("copy2", args, env); say("exec: %s", ename(errno)); }
    reap("mapped for writing", c);
    munmap(m, PAGE);
    (void)r;
}
