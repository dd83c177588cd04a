// SPDX-License-Identifier: MPL-2.0
// Arguments and environment: large ones arrive whole; descriptors with close-on-exec, threads that exec.
// Covers: execve fcntl
#include "../conf.h"
#include <pthread.h>
extern char **environ;
int conf_reexec(int argc, char **argv)
{
    if (!strcmp(argv[1], "sum")) {
        unsigned long n = 0, sum = 0, e = 0;
        for (int i = 0; i < argc; i++)
            for (char *p = argv[i]; *p; p++)
                n++, sum = sum * 31 + *p;
        for (; environ[e]; e++)
            for (char *p = environ[e]; *p; p++)
                n++, sum = sum * 31 + *p;
        say("  argc %d envs %lu bytes %lu sum %lx, stack aligned %d", argc, e, n, sum, (uintptr_t)argv % 8 == 0);
    } else if (!strcmp(argv[1], "fds")) {
        char b[200] = "";
        for (int i = 3; i < 300; i++)
            if (fcntl(i, F_GETFD) >= 0)
                sprintf(b + strlen(b), " %d", i);
        say("  open:%s", b);
    } else if (!strcmp(argv[1], "threads")) {
        say("  pid is tid %d, pid kept %d", gettid() == getpid(), atoi(argv[2]) == getpid());
    }
    return 0;
}
static void *execer(void *arg)
{
    (void)arg;
    char pid[16];
    sprintf(pid, "%d", getpid());
    execl(conf_self, "x", "threads", pid, (char *)0);
    return 0;
}
static void *waiter(void *arg)
{
    (void)arg;
    while (pause()) {}
    return 0;
}
static void test(void)
{
    pid_t c;
    static char *args[6000], *envs[3000], *none[] = {0};
    static char text[3000][24];
    args[0] = "x", args[1] = "sum";
    for (int i = 2; i < 5000; i++)
        args[i] = "argument";
    for (int i = 0; i < 2999; i++)
        sprintf(text[i], "VARIABLE_%d=%d", i, i * i), envs[i] = text[i];
    CHILD(c) { execve(conf_self, args, envs); say("%s", ename(errno)); }
    reap("many", c);
    static char big[130000];
    memset(big, 'b', sizeof big - 1);
    char *few[] = {"x", "sum", big, big, big, 0};
    CHILD(c) { execve(conf_self, few, none); say("%s", ename(errno)); }
    reap("large", c);
    CHILD(c) {
        for (int i = 3; i < 290; i++)
            fcntl(dup2(1, i), F_SETFD, i % 50 ? FD_CLOEXEC : 0);
        execl(conf_self, "x", "fds", (char *)0);
    }
    reap("descriptors", c);
    CHILD(c) {
        pthread_t t[3];
        for (int i = 0; i < 2; i++)
            pthread_create(&t[i], 0, waiter, 0);
        pthread_create(&t[2], 0, execer, 0);
        waiter(0);
    }
    reap("exec in a thread", c);
    // A failed exec leaves everything as it was.
    CHILD(c) {
        pthread_t t;
        pthread_create(&t, 0, waiter, 0);
        R(execl("./none", "none", (char *)0));
        R(execl("/", "none", (char *)0));
        say("still here, thread alive %d", pthread_kill(t, 0) == 0);
    }
    reap("failed", c);
}
