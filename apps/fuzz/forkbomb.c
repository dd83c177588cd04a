// SPDX-License-Identifier: MPL-2.0
// Fork bombs under a limit of processes: by fork, by vfork and exec, by threads, and by children that fork on. The bombs run
// as an ordinary user; the parent, as root, watches, ends them, and looks whether the system is as it was.
//
//   forkbomb [--limit N] [--seconds N]
#define _GNU_SOURCE 1
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
enum { kUser = 61235 };
static struct shared { long forked, refused, other; int stop; } *shared;
static void count(long r)
{
    __atomic_add_fetch(r >= 0 ? &shared->forked : errno == EAGAIN || errno == ENOMEM ? &shared->refused : &shared->other, 1, __ATOMIC_RELAXED);
}
static void *sleeper(void *a)
{
    while (!__atomic_load_n(&shared->stop, __ATOMIC_RELAXED)) {
        struct timespec t = {0, 10000000};
        nanosleep(&t, 0);
    }
    return a;
}
static void by_fork(void)
{
    for (;;) {
        pid_t p = fork();
        count(p);
        if (p < 0)
            while (waitpid(-1, 0, WNOHANG) > 0) {}
    }
}
static void by_short_children(void)
{
    for (;;) {
        pid_t p = fork();
        if (p == 0)
            _exit(0);
        count(p);
        if (p < 0)
            while (waitpid(-1, 0, 0) > 0) {}
    }
}
static void by_exec(void)
{
    for (;;) {
        pid_t p = vfork();
        if (p == 0) {
            execl("/bin/busybox", "sleep", "100", (char *)0);
            _exit(1);
        }
        count(p);
    }
}
static void by_threads(void)
{
    pthread_attr_t a;
    pthread_attr_init(&a), pthread_attr_setstacksize(&a, 16384), pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
    for (;;) {
        pthread_t t;
        errno = pthread_create(&t, &a, sleeper, 0);
        count(errno ? -1 : 0);
        if (errno)
            fork(); // both kinds count against the limit
    }
}
static void orphans(void)
{
    for (;;) {
        pid_t p = fork();
        if (p == 0) {
            if (fork() > 0)
                _exit(0);
            setsid(); // out of the reach of kill by group
            continue;
        }
        count(p);
        if (p > 0)
            waitpid(p, 0, 0);
    }
}
// Kills the user's processes, as that user, and counts those that are still there: kill(-1) does not tell.
static int sweep(void)
{
    int left = 0;
    pid_t p = fork();
    if (p == 0) {
        if (syscall(SYS_setresuid, kUser, kUser, kUser) == 0)
            kill(-1, SIGKILL);
        _exit(0);
    }
    waitpid(p, 0, 0);
    DIR *d = opendir("/proc");
    for (struct dirent *e; d && (e = readdir(d));) {
        struct stat s;
        char path[300];
        snprintf(path, sizeof path, "/proc/%s", e->d_name);
        left += atoi(e->d_name) > 0 && stat(path, &s) == 0 && s.st_uid == kUser;
    }
    closedir(d);
    return left;
}
static int bomb(const char *name, void (*f)(void), long limit, long seconds)
{
    memset(shared, 0, sizeof *shared);
    pid_t p = fork();
    if (p == 0) {
        struct rlimit l = {limit, limit};
        setpgid(0, 0);
        if (setrlimit(RLIMIT_NPROC, &l) || syscall(SYS_setresgid, kUser, kUser, kUser) || syscall(SYS_setresuid, kUser, kUser, kUser))
            _exit(1);
        f();
    }
    // While the bomb goes on, another user's processes are to be made all the same.
    struct timespec begin, now, ms = {0, 20000000};
    long made = 0, failed = 0;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    do {
        pid_t c = fork();
        if (c == 0)
            _exit(0);
        if (c < 0)
            failed++;
        else
            made++, waitpid(c, 0, 0);
        nanosleep(&ms, 0);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec - begin.tv_sec < seconds || !shared->refused);
    shared->stop = 1;
    int left = 1;
    for (int i = 0; i < 200 && left; i++) {
        kill(-p, SIGKILL);
        left = sweep();
        while (waitpid(-1, 0, WNOHANG) > 0) {}
        nanosleep(&ms, 0);
    }
    printf("%-16s forked at least to the limit: %s, refused: %s, other errors: %ld, we could fork: %s, swept: %s\n", name, shared->forked >= limit - 2 ? "yes" : "no", shared->refused ? "yes" : "no",
           shared->other, made > 0 && failed == 0 ? "always" : "not always", left ? "no" : "yes");
    fflush(stdout);
    return left || failed || !shared->refused || shared->other;
}
int main(int argc, char **argv)
{
    long limit = 40, seconds = 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--limit"))
            limit = atol(argv[i + 1]);
        else if (!strcmp(argv[i], "--seconds"))
            seconds = atol(argv[i + 1]);
        else
            return fprintf(stderr, "usage: forkbomb [--limit N] [--seconds N]\n"), 2;
    }
    shared = mmap(0, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int bad = 0;
    bad += bomb("fork", by_fork, limit, seconds), bad += bomb("short children", by_short_children, limit, seconds), bad += bomb("vfork and exec", by_exec, limit, seconds);
    bad += bomb("threads", by_threads, limit, seconds), bad += bomb("orphans", orphans, limit, seconds);
    return bad;
}
