// SPDX-License-Identifier: MPL-2.0
// A guest program that attacks the host target from inside its stub process: `hostile ATTACK CANARY-FILE CANARY-PID`.
//
// Each try is made in a child of its own, and the parent tells how that ended and what it obtained: a line "GOT ..." for anything it
// must not have. What else a try may have done (the file, the process) is for whoever started it to look at from outside.
// What it knows of the trampoline is what any program can learn: the addresses of ostd/host_target/stub/layout.h.
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

typedef uint64_t u64;
enum { CODE_SIZE = 0x2000, SLOT_SIZE = 0x8000, SITES = 64 };
static const u64 code_va = 0x7ffff0000000, slot_va = 0x7ffff0100000;
static const u64 prey = 0x200000000; // where stolen memory would appear
enum { STATE = 0, COMMANDS = 0xf0, CMD = 0x100 };

static struct shared { volatile int got, landed, started; char what[80]; } *shared;
static const char *canary;
static int canary_pid;
static u64 sites[SITES];
static int nsites;
static u64 *fake, *fake_stack; // an exchange page and a stack for the trampoline to go astray in

static void pause_ms(int ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&t, 0);
}
static void got(const char *what)
{
    if (!shared->got)
        snprintf(shared->what, sizeof shared->what, "%s", what);
    shared->got = 1;
}

static __thread sigjmp_buf back;
static __thread volatile int guarded;
static int readable(u64 at);
static void on_fault(int sig, siginfo_t *si, void *uc)
{
    (void)si, (void)uc;
    if (guarded)
        siglongjmp(back, sig);
    if (readable(prey))
        got("memory of the machine");
    _exit(40 + sig);
}
static void guard(void)
{
    static char stack[65536];
    stack_t ss = {stack, 0, sizeof stack};
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK};
    sigaltstack(&ss, 0);
    for (int i = 0; i < 6; i++)
        sigaction((int[]){SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGSYS, SIGFPE}[i], &sa, 0);
}
// Whether a load from there works.
static int readable(u64 at)
{
    int ok = 0;
    guarded = 1;
    if (sigsetjmp(back, 1) == 0) {
        (void)*(volatile char *)at;
        ok = 1;
    }
    guarded = 0;
    return ok;
}
// Runs f; how it ended: 0 or the signal.
static int attempt(void (*f)(void))
{
    int sig;
    guarded = 1;
    if ((sig = sigsetjmp(back, 1)) == 0)
        f();
    guarded = 0;
    return sig;
}

static void find_sites(void)
{
    const unsigned char *c = (const unsigned char *)code_va;
    for (int i = 0; i + 1 < CODE_SIZE && nsites < SITES; i++)
        if (c[i] == 0x0f && c[i + 1] == 0x05)
            sites[nsites++] = code_va + (u64)i;
}

static void landing(void)
{
    shared->landed = 1;
    for (;;)
        pause_ms(1000);
}

// Goes to an instruction of the trampoline with a call in the registers; everything else leads to pages of ours.
static void leap(u64 to, long nr, const u64 a[6])
{
    u64 r[] = {(u64)nr, a[0], a[1], a[2], a[3], a[4], a[5], (u64)fake, (u64)(fake_stack + 256), to};
    for (int i = 0; i < 512; i++)
        fake_stack[i] = (u64)landing;
    __asm__ volatile("mov (%0),%%rax; mov 8(%0),%%rdi; mov 16(%0),%%rsi; mov 24(%0),%%rdx; mov 32(%0),%%r10; mov 40(%0),%%r8;"
                     "mov 48(%0),%%r9; mov 56(%0),%%rbx; mov %%rbx,%%rbp; mov %%rbx,%%r12; mov %%rbx,%%r13; mov %%rbx,%%r14;"
                     "mov %%rbx,%%r15; mov 64(%0),%%rsp; jmp *72(%0)" ::"c"(r) : "memory");
    __builtin_unreachable();
}

static void *watch(void *arg)
{
    (void)arg;
    for (int i = 0; i < 15 && !shared->got; i++) {
        if (readable(prey))
            got("memory of the machine");
        pause_ms(1);
    }
    _exit(0);
}

// Forks, lets the child do it, tells what came of it.
static void try(const char *name, void (*f)(void *), void *arg, int limit_ms)
{
    memset(shared, 0, sizeof *shared);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        f(arg);
        _exit(0);
    }
    if (child < 0) {
        printf("%s: no process: %s\n", name, strerror(errno));
        return;
    }
    int status = 0, waited = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (waited++ == limit_ms)
            kill(child, SIGKILL);
        pause_ms(1);
    }
    if (shared->got)
        printf("GOT %s by %s\n", shared->what, name);
    printf("%s: %s %d\n", name, WIFSIGNALED(status) ? "signal" : "exit", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    fflush(stdout);
}

struct jump { u64 to; long nr; u64 a[6]; };
static void jump(void *arg)
{
    struct jump *j = arg;
    pthread_t t;
    pthread_create(&t, 0, watch, 0);
    leap(j->to, j->nr, j->a);
}

// ---- the attacks

static void other_ways_in(void)
{
    __asm__ volatile("int $0x80" ::"a"(10 /* unlink */), "b"(canary) : "memory");
}
static void sysenter(void)
{
    __asm__ volatile("sysenter" ::"a"(10), "b"(canary), "S"(0), "D"(0) : "rcx", "rdx", "memory");
}
static void vsyscall(void)
{
    long seconds = ((long (*)(long *))0xffffffffff600400)(0);
    if (seconds > 0)
        got("the host's time");
}
static void ways(void *arg)
{
    (void)arg;
    if (unlink(canary) == 0)
        got("a file of the host (syscall)");
    printf("int80 %d\n", attempt(other_ways_in));
    printf("vsyscall %d\n", attempt(vsyscall));
    fflush(stdout);
}
static void ways_sysenter(void *arg)
{
    (void)arg;
    printf("sysenter %d\n", attempt(sysenter));
    fflush(stdout);
}

static const struct { const char *name; long nr; u64 a[6]; } calls[] = {
    {"mmap-memory", SYS_mmap, {prey, 0x1000, 3, 0x11, 0, 0x1000}},
    {"mmap-exchange", SYS_mmap, {prey, 0x8000, 3, 0x11, 1, 0}},
    {"mmap-code-writable", SYS_mmap, {prey, 0x1000, 3, 0x11, 2, 0}},
    {"mmap-anonymous", SYS_mmap, {prey, 0x1000, 7, 0x32, (u64)-1, 0}},
    {"mmap-over-trampoline", SYS_mmap, {code_va, 0x1000, 7, 0x11, 0, 0x1000}},
    {"munmap-trampoline", SYS_munmap, {code_va, CODE_SIZE}},
    {"mprotect-trampoline", SYS_mprotect, {code_va, CODE_SIZE, 7}},
    {"munmap-exchange", SYS_munmap, {slot_va, SLOT_SIZE}},
    {"munmap-all", SYS_munmap, {0, 0x7fffffff0000}},
    {"mremap", SYS_mremap, {slot_va, SLOT_SIZE, 2 * SLOT_SIZE, 1}},
    {"unlink", SYS_unlink, {0 /* canary */}},
    {"kill", SYS_kill, {0 /* its pid */, 9}},
    {"tgkill", SYS_tgkill, {0 /* its pid */, 0, 9}},
    {"prctl-pdeathsig", SYS_prctl, {1, 0}},
    {"prctl-dumpable", SYS_prctl, {4, 1}},
    {"ptrace", SYS_ptrace, {16, 0 /* its pid */}},
    {"process_vm_writev", SYS_process_vm_writev, {0, 0, 0, 0, 0, 0}},
    {"fork", SYS_clone, {0x8000 | 17}},
    {"clone", SYS_clone, {0x50f00, prey}},
    {"execve", SYS_execve, {0, 0, 0}},
    {"socket", SYS_socket, {1, 1, 0}},
    {"pread", SYS_pread64, {0, 0, 4096, 0x1000}},
    {"ftruncate", SYS_ftruncate, {0, 0}},
    {"fallocate", SYS_fallocate, {0, 3, 0, 1 << 30}},
    {"seccomp", SYS_seccomp, {0, 0, 0}},
    {"sigaction", SYS_rt_sigaction, {11, 0, 0, 8}},
    {"sigprocmask", SYS_rt_sigprocmask, {2, 0, 0, 8}},
    {"sigaltstack", SYS_sigaltstack, {0, 0}},
    {"dup", SYS_dup, {0}},
    {"fence", SYS_getpid, {0}},
    {"exit_group", SYS_exit_group, {7}},
};

static void jumps(int until_got)
{
    struct jump j;
    // Every place with one call, then every call at one place.
    for (int i = 0; i < nsites + (int)(sizeof calls / sizeof calls[0]); i++) {
        int c = i < nsites ? 0 : i - nsites;
        j.to = i < nsites ? sites[i] : sites[2];
        j.nr = calls[c].nr;
        memcpy(j.a, calls[c].a, sizeof j.a);
        if (!strcmp(calls[c].name, "unlink"))
            j.a[0] = (u64)canary;
        if (strstr(calls[c].name, "kill") && j.a[0] == 0)
            j.a[0] = j.a[1] = (u64)canary_pid, j.a[1] = j.nr == SYS_kill ? 9 : j.a[1];
        if (!strcmp(calls[c].name, "ptrace"))
            j.a[1] = (u64)canary_pid;
        if (until_got)
            j.a[2] = PROT_READ; // the rest of the trampoline writes where it is led
        char name[64];
        snprintf(name, sizeof name, "jump %#x %s", (unsigned)(j.to - code_va), calls[c].name);
        try(name, jump, &j, 500);
        if (until_got && shared->got)
            return;
    }
}
// Into the middle of the exchange: every instruction boundary or not, some of them.
static void astray(void)
{
    struct jump j = {0, SYS_mmap, {prey, 0x1000, 3, 0x11, 0, 0x1000}};
    for (unsigned at = 0; at < 0x1400; at += 0x5d) {
        char name[64];
        snprintf(name, sizeof name, "astray %#x", at);
        j.to = code_va + at;
        try(name, jump, &j, 500);
    }
}

// Another thread works on the exchange pages while this one enters the OS.
static volatile int how; // < 0: nothing for now
static volatile unsigned rounds;
static void *scribbler(void *arg)
{
    (void)arg;
    for (unsigned n = 1;; n++, rounds++)
        for (u64 slot = slot_va; slot < slot_va + 2 * SLOT_SIZE; slot += SLOT_SIZE) {
            if (!readable(slot))
                continue;
            volatile unsigned *w = (volatile unsigned *)slot;
            u64 *cmd = (u64 *)(slot + CMD);
            switch (how) {
            case 0: w[n * 2654435761U % 1024] = n; break;               // anywhere in the page
            case 1: w[STATE] = 0; break;                                // "the OS has it"
            case 2: w[STATE] = n & 1; break;
            case 3: w[6] = n % 4; break;                                // how it came in
            case 4: *(volatile u64 *)(slot + 0x38) = slot + n % SLOT_SIZE; break; // where its frame is
            case 5:                                                     // commands nobody gave
                memcpy(cmd, (u64[]){SYS_mmap, prey, 0x1000, 3, 0x11, 0, 0x1000, 0}, 64);
                w[COMMANDS / 4] = 1;
                break;
            case 6: w[0x2000 / 4 + n % 0x1800] = n; break;              // frames
            case 7: w[COMMANDS / 4] = 0, w[COMMANDS / 4 + 1] = 0; break;
            case 8: *(volatile u64 *)(slot + CMD + 56) = n; break;      // results of commands
            }
        }
    return 0;
}
// Whether the OS, asked without being disturbed, says that nothing is mapped there.
static int says_unmapped(void *p)
{
    int before = how;
    unsigned char pages[4];
    how = -1;
    for (unsigned r = rounds; rounds - r < 2;) {}
    int unmapped = mincore(p, 0x4000, pages) == -1 && errno == ENOMEM;
    how = before;
    return unmapped;
}
static void scribble(void *arg)
{
    how = *(int *)arg;
    pthread_t t;
    pthread_create(&t, 0, scribbler, 0);
    for (int i = 0; i < 300; i++) {
        // Faults, flushes and plain calls.
        char *p = mmap(0, 0x4000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            _exit(3);
        for (int k = 0; k < 4; k++)
            p[k * 4096] = (char)k;
        mprotect(p, 0x2000, PROT_READ);
        // It may have come back without the OS having been asked, with what the call before it returned: the pages are its own still.
        if (munmap(p, 0x4000) == 0 && readable((u64)p) && says_unmapped(p) && readable((u64)p))
            got("pages that were unmapped");
        if (readable(prey))
            got("memory of the machine");
        getppid();
    }
    _exit(0);
}

// A frame of one's own, with all signals blocked, into an endless loop.
static void endless(void)
{
    for (;;)
        __asm__ volatile("");
}
static void deaf(void *arg)
{
    (void)arg;
    const unsigned char *c = (const unsigned char *)code_va;
    for (int i = 0; i + 6 < CODE_SIZE; i++) {
        if (memcmp(c + i, "\xb8\x0f\0\0\0\x0f\x05", 7) != 0)
            continue;
        static struct { ucontext_t uc; char more[4096]; } frame __attribute__((aligned(64)));
        u64 *g = (u64 *)((char *)&frame + 40);
        g[16] = (u64)endless, g[17] = 0x202, g[15] = (u64)(fake_stack + 256), g[18] = 0x33 | 0x2bULL << 48;
        memset((char *)&frame + 40 + 256, 0xff, 8);
        shared->started = 1;
        __asm__ volatile("mov %0,%%rsp; jmp *%1" ::"r"(&frame), "r"(code_va + (u64)i) : "memory");
    }
    _exit(1);
}
static void asleep(void *arg) // for ever, in the trampoline's own futex call
{
    (void)arg;
    leap(sites[0], SYS_futex, (u64[]){slot_va, 0, *(volatile unsigned *)slot_va, 0, 0, 0});
}

static void *sleeper(void *arg)
{
    pause_ms(5000);
    return arg;
}
static void exhaust(void *arg)
{
    switch (*(int *)arg) {
    case 0: { // mappings
        int fd = open("/tmp/page", O_RDWR | O_CREAT, 0600);
        if (fd < 0 || ftruncate(fd, 4096) != 0)
            _exit(3);
        for (u64 i = 0; i < 36000; i++) {
            char *p = mmap((void *)(0x300000000 + i * 0x2000), 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
            if (p == MAP_FAILED)
                break;
            *p = 1;
        }
        unlink("/tmp/page");
        break;
    }
    case 1: // threads
        for (int i = 0; i < 400; i++) {
            pthread_t t;
            pthread_attr_t a;
            pthread_attr_init(&a);
            pthread_attr_setstacksize(&a, 16384);
            if (pthread_create(&t, &a, sleeper, 0) != 0)
                break;
        }
        break;
    case 2: // files
        while (open("/dev/null", O_RDONLY) >= 0) {}
        break;
    }
    _exit(0);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    canary = argv[2];
    canary_pid = atoi(argv[3]);
    shared = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    fake = mmap(0, 4 * SLOT_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fake_stack = fake + 2 * SLOT_SIZE / 8;
    guard();
    find_sites();
    printf("%d system call instructions\n", nsites);
    if (!strcmp(argv[1], "ways")) {
        try("ways", ways, 0, 3000);
        try("sysenter", ways_sysenter, 0, 3000);
    } else if (!strcmp(argv[1], "jumps")) {
        jumps(0);
    } else if (!strcmp(argv[1], "control")) { // does the attack work where nothing is in its way?
        jumps(1);
    } else if (!strcmp(argv[1], "astray")) {
        astray();
    } else if (!strncmp(argv[1], "scribble", 8)) {
        int n = atoi(argv[1] + 8);
        try(argv[1], scribble, &n, 2000);
    } else if (!strcmp(argv[1], "signals")) {
        try("deaf", deaf, 0, 200);
        try("asleep", asleep, 0, 200);
    } else if (!strcmp(argv[1], "exhaust")) {
        for (int i = 0; i < 3; i++)
            try((const char *[]){"mappings", "threads", "files"}[i], exhaust, &i, 20000);
    } else {
        return 2;
    }
    printf("the system is up\n");
    return 0;
}
