// SPDX-License-Identifier: MPL-2.0
// Looks for what the OS should not give away: DOOR_PLANT leaves a secret in heap blocks, frames and stacks that are used again;
// then comes a call that writes to user memory, and all this program owns that the call could have written is searched for the
// secret. Padding of structures, the ends of short reads, fresh pages and signal frames are among it.
// Says "LEAK name" for each call that gave some of it away, and at the end how many calls were looked at.
#include "door.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { AREA = 64 * 1024, RUN = 3 };
static unsigned char *area;       // where calls write
static int looked, leaks;
static char alt_stack[65536] __attribute__((aligned(4096)));

// A few bytes in a row: one alone may be chance.
static int found(const unsigned char *at, size_t size)
{
    size_t run = 0;
    for (size_t i = 0; i < size; i++) {
        run = at[i] == DOOR_SECRET ? run + 1 : 0;
        if (run >= RUN)
            return 1;
    }
    return 0;
}
static void plant(void)
{
    static unsigned char scratch[4096];
    if (door(DOOR_PLANT, (long)scratch) != 0) {
        puts("no door");
        exit(2);
    }
    if (!found(scratch, sizeof scratch)) {
        puts("the search finds nothing even where the secret is");
        exit(2);
    }
    memset(scratch, 0, sizeof scratch);
}
static void look(const char *name, const void *at, size_t size, long result)
{
    looked++;
    if (found(at, size)) {
        leaks++;
        printf("LEAK %s (result %ld)\n", name, result);
    }
}
static long call(const char *name, long number, long a, long b, long c, long d, long e)
{
    memset(area, 0, AREA);
    plant();
    long r = syscall(number, a, b, c, d, e);
    if (r == -1 && errno != ENOSYS)
        r = -errno;
    look(name, area, AREA, r);
    return r;
}
#undef pread64                     // musl makes macros of these names
#undef prlimit64
#define OUT ((long)area)
#define OUT2 ((long)(area + 8192))
#define CALL(name, ...) CALL_(name, __VA_ARGS__, 0, 0, 0, 0, 0)
#define CALL_(name, a, b, c, d, e, ...) call(#name, SYS_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e))

static void on_signal(int s, siginfo_t *info, void *context)
{
    (void)s;
    look("siginfo", info, sizeof *info, 0);
    look("ucontext", context, 968, 0);
    look("frame", alt_stack, sizeof alt_stack, 0);
}

static void files(void)
{
    int f = open("/tmp/leak", O_RDWR | O_CREAT | O_TRUNC, 0600), d = open("/proc/self", O_RDONLY), p[2];
    if (write(f, "short", 5) != 5 || pipe(p) != 0 || write(p[1], "short", 5) != 5)
        exit(2);
    CALL(fstat, f, OUT);
    CALL(newfstatat, AT_FDCWD, "/", OUT, 0);
    CALL(statx, AT_FDCWD, "/tmp/leak", 0, 0xfff, OUT);
    CALL(statfs, "/", OUT);
    CALL(fstatfs, f, OUT);
    CALL(pread64, f, OUT, 4096, 0);
    CALL(read, p[0], OUT, 4096);
    CALL(pipe2, OUT, 0);
    CALL(getdents64, d, OUT, 4096);
    CALL(readlink, "/proc/self/exe", OUT, 4096);
    CALL(getcwd, OUT, 4096);
    CALL(fcntl, f, F_GETLK, OUT);
    CALL(ioctl, 0, 0x5401, OUT);
    CALL(ioctl, 0, 0x5413, OUT);
    CALL(ioctl, p[0], 0x541b, OUT);
    // A file that grows over what was cut off, holes, and the last page of a mapping.
    unsigned char text[512];
    memset(text, 1, sizeof text);
    if (ftruncate(f, 0) != 0 || pwrite(f, text, sizeof text, 10000) != sizeof text || ftruncate(f, 10100) != 0 || ftruncate(f, 50000) != 0)
        exit(2);
    CALL(pread64, f, OUT, 50000, 0);
    plant();
    unsigned char *m = mmap(0, 53248, PROT_READ, MAP_SHARED, f, 0);
    look("mapped file", m, 53248, 0);
    plant();
    m = mmap(0, 53248, PROT_READ | PROT_WRITE, MAP_PRIVATE, f, 0);
    m[1] = 1;
    look("private mapped file", m, 53248, 0);
    const char *const names[] = {"stat", "status", "maps", "statm", "cmdline", "environ", "auxv", "limits", "mounts"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/self/%s", names[i]);
        int n = open(path, O_RDONLY);
        if (n >= 0)
            CALL(read, n, OUT, 16384);
        close(n);
    }
    int u = open("/dev/urandom", O_RDONLY), z = open("/dev/zero", O_RDONLY);
    CALL(read, z, OUT, 40000);
    (void)u;
    int e = epoll_create1(0), v = eventfd(3, 0);
    struct epoll_event want = {.events = EPOLLIN, .data.u64 = 7};
    epoll_ctl(e, EPOLL_CTL_ADD, v, &want);
    CALL(epoll_wait, e, OUT, 20, 0);
    CALL(read, v, OUT, 100);
    struct pollfd *polled = (void *)(area + AREA - 64);
    polled->fd = p[0];
    CALL(poll, polled, 1, 0);
    struct iovec { void *base; size_t size; } parts[2] = {{area, 3}, {area + 100, 4000}};
    if (write(p[1], "short", 5) != 5)
        exit(2);
    CALL(readv, p[0], parts, 2);
    CALL(getxattr, "/tmp/leak", "user.x", OUT, 4096);
    CALL(inotify_init1, 0);
    CALL(memfd_create, "x", 0);
}

static void processes(void)
{
    CALL(uname, OUT);
    CALL(sysinfo, OUT);
    CALL(getrusage, 0, OUT);
    CALL(times, OUT);
    CALL(getrlimit, 7, OUT);
    CALL(prlimit64, 0, 3, 0, OUT);
    CALL(getitimer, 0, OUT);
    CALL(setitimer, 0, OUT2, OUT);
    CALL(gettimeofday, OUT, OUT2);
    for (int clock = 0; clock < 8; clock++) {
        CALL(clock_gettime, clock, OUT);
        CALL(clock_getres, clock, OUT);
    }
    CALL(time, OUT);
    CALL(rt_sigaction, SIGUSR2, 0, OUT, 8);
    CALL(rt_sigprocmask, 0, 0, OUT, 8);
    CALL(rt_sigpending, OUT, 8);
    CALL(sigaltstack, 0, OUT);
    CALL(sched_getparam, 0, OUT);
    CALL(sched_getattr, 0, OUT, 56, 0);
    CALL(sched_getaffinity, 0, 4096, OUT);
    CALL(sched_rr_get_interval, 0, OUT);
    CALL(getresuid, OUT, OUT + 64, OUT + 128);
    CALL(getresgid, OUT, OUT + 64, OUT + 128);
    CALL(getgroups, 100, OUT);
    CALL(capget, OUT2, OUT);
    CALL(getcpu, OUT, OUT + 64);
    CALL(prctl, 16, OUT);
    CALL(prctl, 37, OUT);
    CALL(get_robust_list, 0, OUT, OUT + 64);
    CALL(arch_prctl, 0x1003, OUT);
    CALL(adjtimex, OUT);
    CALL(timer_create, CLOCK_MONOTONIC, 0, OUT);
    CALL(timer_gettime, 0, OUT);
    CALL(syslog, 3, OUT, 4096);
    for (int i = 0; i < 4; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(3);
        if (i < 2) {
            CALL(wait4, child, OUT, 0, OUT2);
        } else {
            CALL(waitid, P_PID, child, OUT, WEXITED | (i == 3 ? WNOWAIT : 0), OUT2);
        }
    }
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, 0);
    int s = signalfd(-1, &set, 0);
    kill(getpid(), SIGUSR2);
    CALL(read, s, OUT, 4096);
    kill(getpid(), SIGUSR2);
    struct timespec none = {0, 0};
    CALL(rt_sigtimedwait, &set, OUT, &none, 8);
    stack_t stack = {.ss_sp = alt_stack, .ss_size = sizeof alt_stack};
    sigaltstack(&stack, 0);
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGUSR1, &action, 0);
    for (int i = 0; i < 3; i++) {
        memset(alt_stack, 0, sizeof alt_stack);
        plant();
        raise(SIGUSR1);
    }
}

static void memory(void)
{
    for (size_t size = 4096; size <= 4 << 20; size *= 8) {
        plant();
        unsigned char *m = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        look("anonymous memory", m, size, 0);
        m[0] = 1;
        look("anonymous memory, written", m, size, 0);
        munmap(m, size);
        plant();
        m = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        m[0] = 1;
        look("shared memory", m, size, 0);
        munmap(m, size);
    }
    plant();
    unsigned char *b = (unsigned char *)syscall(SYS_brk, 0);
    syscall(SYS_brk, b + 65536);
    look("heap", b, 65536, 0);
}

// A new program: its registers were looked at by the kernel's tests; here its stack, up to the end.
static int fresh(char **argv)
{
    const unsigned char *low = (const unsigned char *)argv;
    size_t size = 0;
    while (((unsigned long)(low + size) & 4095) != 0)
        size++;
    look("a new program's stack", low, size, 0);
    return leaks != 0;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return fresh(argv);
    area = mmap(0, AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    files();
    processes();
    memory();
    plant();
    pid_t child = fork();
    if (child == 0) {
        execl(argv[0], argv[0], "fresh", (char *)0);
        _exit(4);
    }
    int status = 0;
    waitpid(child, &status, 0);
    looked++;
    if (status != 0) {
        leaks++;
        printf("LEAK exec, status %x\n", status);
    }
    printf("leaks: %d of %d\n", leaks, looked);
    return leaks != 0;
}
