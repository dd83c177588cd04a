// SPDX-License-Identifier: MPL-2.0
// Makes system calls with random arguments as an unprivileged user, to find out whether the kernel survives.
//
//   sysfuzz [--seed N] [--calls N] [--workers N] [--wild PERCENT]
//
// Arguments are made by the types in sysfuzz_table.h so that most calls succeed; in --wild percent of the calls (default 30)
// some are replaced by bad descriptors, pointers and numbers. Workers run in rounds: a child with a fresh set of open files,
// mappings and small child processes makes some hundred calls; whatever becomes of it, the next round begins anew. At the
// end: how often each call was made and how often it succeeded, and whether ordinary work still succeeds.
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "sysfuzz_table.h"

enum { kCalls = sizeof calls / sizeof *calls, kUser = 61234, kRound = 400, kArena = 64 };
static struct shared { long made[kCalls], good[kCalls], missing[kCalls]; long total, rounds, died, killed; volatile int current[64]; } *shared;
static uint64_t state;
static int wild = 30;
static char base[64];                      // the folder of all workers
static char *arena;                        // kArena pages for the mapping calls
static char *pool;                         // where arguments lie
static size_t used;
static pid_t child_pid;
static int fds[16], second_pipe[2] = {-1, -1}, timer_id = -1;

static uint64_t rnd(void)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state * 0x2545f4914f6cdd1dull;
}
static long pick(long n) { return (long)(rnd() >> 20) % n; }
#define ONEOF(...) ({ static const long v_[] = {__VA_ARGS__}; v_[pick(sizeof v_ / sizeof *v_)]; })

// Room for an argument, filled with noise or zeros.
static void *room(size_t n)
{
    if (used + n + 64 > 64 * 4096)
        used = 0;
    char *p = pool + used;
    used = (used + n + 15) & ~15ul;
    return p;
}
static void *copy(const void *v, size_t n) { return memcpy(room(n), v, n); }
static long text(const char *t) { return (long)copy(t, strlen(t) + 1); }

static void touch(const char *p) { close(open(p, O_CREAT | O_RDWR, 0666)); }
static long new_path(void)
{
    char b[32];
    snprintf(b, sizeof b, "n%ld", (long)pick(100000));
    remove(b);
    return text(b);
}
#include "sysfuzz_more.h"
#include "sysfuzz_files.h"
static void refresh(void)
{
    int p[2];
    for (int i = 0; i < 16; i++)
        close(fds[i]);
    mkdir("d", 0777), mkdir("d/e", 0777), touch("f"), touch("g"), touch("d/f");
    if (symlink("f", "s")) {}
    fds[0] = open("f", O_RDWR), fds[1] = open("g", O_RDWR), fds[2] = open(".", O_RDONLY), fds[3] = open("d", O_RDONLY);
    if (pipe2(p, O_NONBLOCK) == 0)
        fds[4] = p[0], fds[5] = p[1];
    close(second_pipe[0]), close(second_pipe[1]);
    if (pipe2(second_pipe, O_NONBLOCK)) {}
    fds[6] = eventfd(3, EFD_NONBLOCK), fds[7] = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), fds[8] = epoll_create1(0);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p) == 0)
        fds[9] = p[0], fds[10] = p[1];
    fds[11] = syscall(SYS_memfd_create, "m", 0), fds[12] = open("/dev/null", O_RDWR), fds[13] = open("/dev/zero", O_RDWR);
    fds[14] = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
    sigset_t s;
    sigemptyset(&s), sigaddset(&s, SIGUSR2), fds[15] = signalfd(-1, &s, SFD_NONBLOCK);
    if (write(fds[5], "some data", 9) < 0 || write(fds[10], "some data", 9) < 0 || ftruncate(fds[11], 65536) || write(fds[0], pool, 5000) < 0) {}
    mmap(arena, kArena * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    struct sigevent e = {.sigev_notify = SIGEV_NONE};
    if (timer_id < 0)
        syscall(SYS_timer_create, CLOCK_MONOTONIC, &e, &timer_id);
}
static pid_t some_child(void)
{
    if (child_pid > 0 && waitpid(child_pid, 0, WNOHANG) == 0)
        return child_pid;
    child_pid = fork();
    if (child_pid == 0) {
        // Even with everything blocked it ends by itself.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        struct timespec t = {2, 0};
        nanosleep(&t, 0);
        _exit(1);
    }
    return child_pid;
}
static long small_time(int micro)
{
    long t[4] = {0, pick(micro ? 900 : 300000), 0, pick(micro ? 900 : 300000)};
    return (long)copy(t, sizeof t);
}

#include "sysfuzz_sockets.h"
#include "sysfuzz_ipc.h"
static long make(enum kind k)
{
    static const char *const files[] = {"f", "g", "d/f", "s"}, *const dirs[] = {".", "d", "/", "/tmp", "d/e"}, *const any[] = {"f", "g", "d", ".", "s", "/dev/null", "/proc/self/stat", "/dev/zero", "d/f", "/proc", "/"};
    long b[64];
    memset(b, 0, sizeof b);
    switch (k) {
    case NONE: case ZERO: case EMPTYSTR: return 0;
    case ONE: return 1;
    case FD: return fds[pick(16)];
    case FILEFD: return fds[ONEOF(0, 1, 11)];
    case DIRFD: case DIRLIST: if (k == DIRLIST) lseek(fds[2], 0, SEEK_SET); return fds[ONEOF(2, 2, 3)];
    case ATFD: return pick(3) ? AT_FDCWD : fds[2];
    case PIPER: if (write(fds[5], "x", 1) < 0) {} return fds[4];
    case PIPEW: return fds[5];
    case TEEFD: return second_pipe[1];
    case EVFD: return fds[6];
    case TMFD: return fds[7];
    case SGFD: return pick(2) ? -1 : fds[15];
    case EPFD: return fds[8];
    case SOCKFD: return fds[9 + pick(2)];
    case MEMFD: return fds[11];
    case PTYFD: return fds[14];
    case STREAMS: { int d = dup(fds[ONEOF(4, 5, 6, 7, 9, 10)]); return d < 0 ? fds[4] : d; }
    case CLOSEFD: return dup(fds[pick(16)]);
    case NEWFD: case DUP3FD: return 200 + pick(20);
    case PATH: return text(any[pick(11)]);
    case FILEPATH: { const char *f = files[pick(4)]; touch(f); return text(f); }
    case DIRPATH: mkdir("d", 0777), mkdir("d/e", 0777); return text(dirs[pick(2)]);
    case NEWPATH: return new_path();
    case LINKPATH: if (symlink("f", "s")) {} return text("s");
    case EMPTYDIR: { long p = new_path(); mkdir((char *)p, 0777); return p; }
    case RMPATH: { long p = new_path(); touch((char *)p); return p; }
    case NAME: case STR: return text("name");
    case BUF: return (long)room(4096);
    case BUFLEN: return ONEOF(1, 8, 100, 512, 1024, 4096);
    case OFF: return pick(100000);
    case OFFP: b[0] = pick(4096); return pick(2) ? 0 : (long)copy(b, 8);
    case SMALL: return 1 + pick(16);
    case LEN: return 1 + pick(60000);
    case PAGES: return 4096 * pick(8);
    case PLEN: case MASK: return k == MASK ? 0x4040 : 4096 * (1 + pick(6));
    case MODE: return 0600 | pick(01000);
    case OFLAGS: return ONEOF(O_RDONLY, O_RDONLY, O_RDONLY | O_CLOEXEC, O_RDWR | O_NONBLOCK, O_WRONLY | O_NONBLOCK, O_RDONLY | O_NOFOLLOW, O_PATH, O_RDONLY | O_DIRECTORY);
    case NEWOFLAGS: return O_CREAT | O_RDWR;
    case WHENCE: return ONEOF(SEEK_SET, SEEK_CUR, SEEK_END);
    case TS: return small_time(0);
    case TSABS: return small_time(0);
    case TV: case UTV: return small_time(1);
    case ITV: return small_time(1);
    case ITS: return small_time(0);
    case TIMES: b[0] = pick(1000), b[1] = pick(1000), b[2] = pick(1000), b[3] = pick(1000); return pick(2) ? 0 : (long)copy(b, 32);
    case SSET: b[0] = pick(2) ? 1l << (SIGUSR2 - 1) : 1l << (SIGUSR1 - 1); return (long)copy(b, 8);
    case PENDING: {
        sigset_t m;
        sigemptyset(&m), sigaddset(&m, SIGUSR2), sigprocmask(SIG_BLOCK, &m, 0), kill(getpid(), SIGUSR2);
        b[0] = 1l << (SIGUSR2 - 1);
        return (long)copy(b, 8);
    }
    case SSIZE: return 8;
    case LIST: return 24;
    case SIG: case SIGMINE: return ONEOF(SIGUSR1, SIGUSR2, SIGURG, SIGWINCH, SIGCHLD, 40, 0);
    case SIGACT: b[0] = (long)SIG_IGN; return pick(2) ? 0 : (long)copy(b, 32);
    case SIGINFO: b[1] = (unsigned)SI_QUEUE; return (long)copy(b, 128);
    case HOW: return pick(3);
    case SIGSTK: b[0] = (long)arena, b[2] = 65536; return (long)copy(b, 24);
    case PID: return ONEOF(0, 0, 1) ? 1 : getpid();
    case SELF: return getpid();
    case CHILD: return some_child();
    case PGID: return pick(2) ? 0 : child_pid;
    case ZPID: return pick(2) ? 0 : getpid();
    case UID: case GID: return pick(2) ? kUser : -1;
    case ADDR: return (long)arena + 4096 * pick(kArena - 8);
    case ADDRMAP: {
        char *p = arena + 4096 * pick(kArena - 8);
        mmap(p, 8 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        return (long)p;
    }
    case PROT: return pick(8);
    case MAPFLAGS: return MAP_FIXED | ONEOF(MAP_PRIVATE, MAP_SHARED, MAP_PRIVATE | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE);
    case ADVICE: return ONEOF(MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_DONTFORK, MADV_DOFORK);
    case MSFLAGS: return ONEOF(MS_ASYNC, MS_SYNC, MS_INVALIDATE);
    case MRFLAGS: return 0; // in place: moving would leave the arena
    case IOV: for (int i = 0; i < 4; i++) b[2 * i] = (long)room(512), b[2 * i + 1] = pick(512); return (long)copy(b, 64);
    case IOVCNT: return pick(5);
    case POLLFDS: for (int i = 0; i < 4; i++) ((struct pollfd *)b)[i] = (struct pollfd){fds[pick(16)], POLLIN | POLLOUT, 0}; return (long)copy(b, 32);
    case NPOLL: return pick(5);
    case FDSET: if (pick(3) == 0) return 0; b[0] = 1l << fds[4] | 1l << fds[6]; return (long)copy(b, 128);
    case NSEL: return 64;
    case EPEV: b[0] = EPOLLIN | (pick(2) ? EPOLLET : 0); return (long)copy(b, 12);
    case EPOP: return ONEOF(1, 1, 1, 2, 3);
    case ZEROMS: return pick(2);
    case CLOCK: return pick(8);
    case SCLOCK: return ONEOF(0, 1, 7);
    case ITIMER: return pick(3);
    case TIMERID: return timer_id;
    case SIGEV: b[1] = (long)SIGEV_NONE << 32; return (long)copy(b, 64);
    case FUTEX: return (long)room(8) & ~7l;
    case FUTOP: return ONEOF(1, 1, 1 | 128, 10, 3, 0, 9);
    case FUTVAL: return pick(3);
    case RES: return pick(16);
    case RLIM: b[0] = b[1] = -1; return (long)copy(b, 16);
    case PRIO: case PRIONICE: return 19;
    case PRIOWHICH: return 0;
    case SCHEDPOL: return ONEOF(0, 3, 0, 3, 5);
    case SCHEDPAR: return (long)copy(b, 8);
    case CPUSET: b[0] = -1; return (long)copy(b, 128);
    case CPUSIZE: return 128;
    case FCNTLOP: return ONEOF(F_GETFD, F_GETFL, F_SETFD, F_DUPFD, F_DUPFD_CLOEXEC, F_GETOWN, F_GETFD);
    case FCNTLARG: return pick(2);
    case IOCTLOP: return ONEOF(TIOCGWINSZ, FIONREAD, TIOCGPTN, TCGETS, TIOCOUTQ, 0x5421);
    case FLOCKOP: return ONEOF(1 | 4, 2 | 4, 8);
    case ATFLAGS: return ONEOF(0, AT_SYMLINK_NOFOLLOW);
    case ACCFLAGS: return ONEOF(0, AT_EACCESS);
    case ACCMODE: return pick(8);
    case PRCTLOP: return ONEOF(PR_GET_NAME, PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_KEEPCAPS, PR_GET_TIMERSLACK);
    case ARCHOP: return ONEOF(0x1003, 0x1004);
    case PIPEFLAGS: return ONEOF(0, O_NONBLOCK, O_CLOEXEC);
    case EVFLAGS: return ONEOF(0, EFD_NONBLOCK, EFD_CLOEXEC, EFD_SEMAPHORE);
    case TMFLAGS: case SFDFLAGS: return ONEOF(0, O_NONBLOCK, O_CLOEXEC);
    case EPFLAGS: case DUP3FLAGS: return ONEOF(0, O_CLOEXEC);
    case MEMFLAGS: return pick(4);
    case RNDFLAGS: return pick(2);
    case FALLOCFD: return fds[ONEOF(0, 11)];
    case FALLOCMODE: return ONEOF(0, 1, 3);
    case WAITOPT: return WNOHANG | WEXITED * 0 | 2;
    case IDTYPE: return P_ALL;
    case IDPID: some_child(); return 0;
    case RUWHO: return ONEOF(0, -1, 1);
    case RENFLAGS: return ONEOF(0, 1, 4);
    case SHUT: return pick(3);
    case CLONEFLAGS: return SIGCHLD;
    case PERS: return ONEOF(0xffffffff, 0, 0x40000);
    case ROBUST: return (long)copy(b, 24);
    case CAPHDR: b[0] = 0x20080522; return (long)copy(b, 8);
    case STXMASK: return 0x7ff;
    case UMASKV: return 0; case SPLFLAGS: return 2;
    case MINCVEC: return (long)room(4096);
    default: return k >= IPCKEY ? ipc_value(k) : k >= XNAME ? file_value(k) : k >= SOCKNEW ? socket_value(k) : (long)rnd();
    }
}
static long edge(void)
{
    uint64_t x = edges[pick(sizeof edges / sizeof *edges)];
    return (long)(pick(4) ? x : x + 2 - pick(5));
}
// Something that no type would give. Addresses that belong to the program are not among them.
static long strange(void)
{
    switch (pick(12)) {
    case 10: case 11: return edge();
    case 0: return -1;
    case 1: return pick(300);
    case 2: return 0;
    case 3: return (long)arena + pick(kArena * 4096);
    case 4: return (long)(0xffff800000000000ul | rnd());
    case 5: return (long)((rnd() & 0x00ff000000000000ul) | 0x0080000000000000ul);
    case 6: return 1l << pick(63);
    case 7: return (int)rnd();
    case 8: return (long)arena + kArena * 4096 - pick(16); // the end of the mapped area
    default: return (long)(pool + 64 * 4096) - pick(16);   // the same of the arguments
    }
}
// Calls for which a wild argument would only destroy or block the program itself, or reach others.
static int tame(const char *n)
{
    static const char *const list[] = {"shmget", "semget", "msgget", "shmat", "munmap", "mmap", "mprotect", "mremap", "madvise", "brk", "kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "rt_sigaction", "clone", "close_range", "setsid", "close", "dup2", "dup3",
                                       "set_robust_list", "sigaltstack", "setitimer", "alarm", "clone3", "wait4", "waitid", "setpgid", "chroot", "prctl", "arch_prctl", "set_tid_address", "setpriority", "personality", "shutdown", "rt_sigsuspend", "rt_sigprocmask"};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (!strcmp(list[i], n))
            return 1;
    return 0;
}
static int waits(const char *n) { return !strcmp(n, "ppoll") || !strcmp(n, "epoll_pwait") || !strcmp(n, "epoll_pwait2"); }
static void on_alarm(int s) { (void)s; }
// A timer interrupts whatever blocks; some of the calls switch it off or block it.
static void arm(void)
{
    struct sigaction sa = {.sa_handler = on_alarm};
    struct itimerval it = {{0, 4000}, {0, 4000}};
    sigset_t none;
    sigemptyset(&none), sigprocmask(SIG_SETMASK, &none, 0);
    sigaction(SIGALRM, &sa, 0);
    setitimer(ITIMER_REAL, &it, 0);
}

static void one(int worker)
{
    int i = pick(kCalls);
    const struct call *c = &calls[i];
    long a[6];
    for (int k = 0; k < 6; k++)
        a[k] = make(c->arg[k]);
    // Tame calls get strange values only where the table has an argument, and seldom.
    if (pick(100) < wild && (!tame(c->name) || pick(8) == 0)) {
        int n = 1 + pick(2);
        while (n--) {
            int k = pick(6);
            // A wild mask may block the timer that ends the waiting.
            if (c->arg[k] && (!tame(c->name) || k > 0) && !(c->arg[k] == SSET && waits(c->name)))
                a[k] = strange();
        }
    }
    // A number at an edge in what an argument points to: seconds, lengths, offsets, limits ...
    int k = pick(6);
    if (pick(8) == 0 && !tame(c->name) && c->arg[k] != SSET && (char *)a[k] >= pool && (char *)a[k] < pool + 63 * 4096)
        memcpy((char *)a[k] + 8 * pick(6), (long[]){edge()}, pick(2) ? 8 : 4);
    shared->current[worker] = i;
    long r;
    if (c->nr == SYS_fork || c->nr == SYS_clone || c->nr == SYS_vfork) {
        r = c->nr == SYS_vfork ? vfork() : c->nr == SYS_fork ? syscall(SYS_fork) : syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
        if (r == 0)
            _exit(0);
        if (r > 0)
            waitpid(r, 0, 0);
    } else if (c->nr == SYS_setsid) {
        // Only for one that leads no group.
        int st = 0;
        pid_t p = fork();
        if (p == 0)
            _exit(syscall(SYS_setsid) < 0);
        r = p > 0 && waitpid(p, &st, 0) == p && st == 0 ? 0 : -1;
    } else {
        r = syscall(c->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
        if (c->nr == SYS_clone3 && r == 0)
            _exit(0);
    }
    int e = errno;
    if (c->nr == SYS_alarm || c->nr == SYS_setitimer || c->nr == SYS_rt_sigprocmask || c->nr == SYS_rt_sigaction || c->nr == SYS_rt_sigtimedwait)
        arm();
    errno = e;
    __atomic_add_fetch(&shared->made[i], 1, __ATOMIC_RELAXED);
    if (r == -1 && e == ENOSYS)
        __atomic_add_fetch(&shared->missing[i], 1, __ATOMIC_RELAXED);
    if (r != -1)
        __atomic_add_fetch(&shared->good[i], 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&shared->total, 1, __ATOMIC_RELAXED);
}

static void become_user(void)
{
    if (syscall(SYS_setgroups, 0, 0) || syscall(SYS_setresgid, kUser, kUser, kUser) || syscall(SYS_setresuid, kUser, kUser, kUser)) {
        perror("sysfuzz: cannot become a user");
        _exit(1);
    }
}
static void round_of_calls(int worker, uint64_t seed)
{
    char dir[96];
    state = seed * 0x9e3779b97f4a7c15ull + 1;
    for (int i = 0; i < 10; i++)
        rnd();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    become_user();
    snprintf(dir, sizeof dir, "%s/w%d", base, worker);
    mkdir(dir, 0777);
    if (chdir(dir))
        _exit(2);
    for (int i = 0; i < 16; i++)
        fds[i] = -1;
    for (int i = 3; i < 64; i++)
        close(i);
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0), dup2(null, 1), dup2(null, 2);
    struct rlimit core = {0, 0}, proc = {64, 64}, size = {64 << 20, 64 << 20};
    setrlimit(RLIMIT_CORE, &core), setrlimit(RLIMIT_NPROC, &proc), setrlimit(RLIMIT_FSIZE, &size);
    arena = mmap(0, (kArena + 16) * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pool = mmap(0, (64 + 16) * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(pool, 64 * 4096, PROT_READ | PROT_WRITE);
    signal(SIGPIPE, SIG_IGN), signal(SIGUSR1, SIG_IGN), signal(SIGURG, SIG_IGN), signal(40, SIG_IGN), signal(SIGXFSZ, SIG_IGN), signal(SIGVTALRM, SIG_IGN), signal(SIGHUP, SIG_IGN);
    signal(SIGUSR2, SIG_IGN);
    for (int n = 0; n < kRound; n++) {
        if (n % 40 == 0) {
            refresh();
            arm();
            for (int i = 32; i < 150; i++)
                close(i);
        }
        one(worker);
    }
    if (child_pid > 0)
        kill(child_pid, SIGKILL);
    _exit(0);
}
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}
static void work(int worker, uint64_t seed, long target)
{
    for (uint64_t n = 0; __atomic_load_n(&shared->total, __ATOMIC_RELAXED) < target; n++) {
        int st = 0;
        pid_t p = fork();
        if (p == 0)
            round_of_calls(worker, seed * 1000003 + worker * 7919 + n);
        if (p < 0) {
            usleep(10000);
            continue;
        }
        double begin = now();
        while (waitpid(p, &st, WNOHANG) == 0) {
            if (now() - begin > 30) {
                fprintf(stderr, "sysfuzz: seed %llu worker %d round %llu hangs in %s\n", (unsigned long long)seed, worker, (unsigned long long)n, calls[shared->current[worker]].name);
                __atomic_add_fetch(&shared->killed, 1, __ATOMIC_RELAXED);
                kill(p, SIGKILL);
                waitpid(p, &st, 0);
                break;
            }
            usleep(2000);
        }
        kill(-p, SIGKILL);
        __atomic_add_fetch(&shared->rounds, 1, __ATOMIC_RELAXED);
        if (WIFSIGNALED(st))
            __atomic_add_fetch(&shared->died, 1, __ATOMIC_RELAXED);
        while (waitpid(-1, 0, WNOHANG) > 0) {}
    }
    _exit(0);
}
static int is_refused(const char *n)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (!strcmp(n, refused[i]))
            return 1;
    return 0;
}

int main(int argc, char **argv)
{
    long target = 100000, workers = 2;
    uint64_t seed = 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        long v = atol(argv[i + 1]);
        if (!strcmp(argv[i], "--seed"))
            seed = v;
        else if (!strcmp(argv[i], "--calls"))
            target = v;
        else if (!strcmp(argv[i], "--workers"))
            workers = v < 1 ? 1 : v > 64 ? 64 : v;
        else if (!strcmp(argv[i], "--wild"))
            wild = v;
        else
            return fprintf(stderr, "usage: sysfuzz [--seed N] [--calls N] [--workers N] [--wild PERCENT]\n"), 2;
    }
    shared = mmap(0, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    strcpy(base, "/tmp/sysfuzz.XXXXXX");
    if (shared == MAP_FAILED || !mkdtemp(base) || chmod(base, 0777))
        return perror("sysfuzz"), 2;
    double begin = now();
    for (int w = 0; w < workers; w++)
        if (fork() == 0)
            work(w, seed, target);
    while (wait(0) > 0 || errno == EINTR) {}
    double took = now() - begin;
    long made = 0, good = 0;
    int low = 0, none = 0;
    for (int i = 0; i < kCalls; i++) {
        made += shared->made[i], good += shared->good[i];
        double p = shared->made[i] ? 100.0 * shared->good[i] / shared->made[i] : 0;
        int absent = shared->made[i] && shared->missing[i] == shared->made[i];
        int few = p < 20 && !absent && shared->made[i] > 50 && !is_refused(calls[i].name);
        low += few, none += absent;
        printf("%-22s %8ld calls %8ld succeeded %5.1f%%%s\n", calls[i].name, shared->made[i], shared->good[i], p, absent ? "  not implemented" : few ? "  LOW" : "");
    }
    printf("%d system calls, %ld calls, %.1f%% succeeded, %d below 20%%, %d not implemented, %ld rounds, %ld ended by a signal, %ld hung, %.0f calls a second\n", kCalls, made, made ? 100.0 * good / made : 0,
           low, none, shared->rounds, shared->died, shared->killed, made / (took > 0 ? took : 1));
    pid_t p = (remove_objects(), fork());
    if (p == 0)
        execl("/bin/busybox", "rm", "-rf", base, (char *)0), _exit(1);
    int st = -1;
    waitpid(p, &st, 0);
    printf("afterwards a program still runs: %s\n", st == 0 ? "yes" : "no");
    return st != 0 || shared->killed != 0;
}
