// SPDX-License-Identifier: MPL-2.0
// Times basic operations of the system it runs on.
//
//   bench [--repeat N] [--time MS] [--count N] [--only NAME,NAME] [--list]
//
// For each repetition one line: "BENCH name operations nanoseconds ticks" with the totals of one timed run. Ticks are those
// of the TSC, which counts instructions in a machine run with -icount shift=0. --time is how long a run shall take at the
// least (default 60 ms); --count gives a number of operations instead, so that two machines do the same work. Names that end
// in "*2" do the work in two processes at a time. BENCH_DIR is where files are made (default /tmp; should be a tmpfs).
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *self;

static uint64_t nanoseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint64_t ticks(void) {
    uint32_t low, high;
    __asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

struct run {
    uint64_t ns, ticks;
};

static struct run begin(void) {
    struct run r = {nanoseconds(), 0};
    r.ticks = ticks();
    return r;
}

static struct run end(struct run r) {
    uint64_t t = ticks();
    return (struct run){nanoseconds() - r.ns, t - r.ticks};
}

static struct run bench_getppid(long n) {
    struct run r = begin();
    for (long i = 0; i < n; i++) {
        long result;
        // The number in an immediate directly before the instruction: the common form in C libraries.
        __asm__ volatile("mov %1, %%eax\n\tsyscall" : "=a"(result) : "i"(SYS_getppid) : "rcx", "r11", "memory");
    }
    return end(r);
}

static struct run bench_pipe(long n) {
    int to[2], from[2];
    char byte = 0;
    if (pipe(to) || pipe(from)) fail("pipe");
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        close(to[1]);
        close(from[0]);
        while (read(to[0], &byte, 1) == 1)
            if (write(from[1], &byte, 1) != 1) _exit(1);
        _exit(0);
    }
    close(to[0]);
    close(from[1]);
    struct run r = begin();
    for (long i = 0; i < n; i++)
        if (write(to[1], &byte, 1) != 1 || read(from[0], &byte, 1) != 1) fail("pipe round trip");
    r = end(r);
    close(to[1]);
    close(from[0]);
    waitpid(child, NULL, 0);
    return r;
}

static struct run bench_socket(long n) {
    int ends[2];
    char byte = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) fail("socketpair");
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        close(ends[0]);
        while (read(ends[1], &byte, 1) == 1)
            if (write(ends[1], &byte, 1) != 1) _exit(1);
        _exit(0);
    }
    close(ends[1]);
    struct run r = begin();
    for (long i = 0; i < n; i++)
        if (write(ends[0], &byte, 1) != 1 || read(ends[0], &byte, 1) != 1) fail("socket round trip");
    r = end(r);
    close(ends[0]);
    waitpid(child, NULL, 0);
    return r;
}

static struct run bench_fork(long n) {
    struct run r = begin();
    for (long i = 0; i < n; i++) {
        pid_t child = fork();
        if (child < 0) fail("fork");
        if (child == 0) _exit(0);
        if (waitpid(child, NULL, 0) != child) fail("waitpid");
    }
    return end(r);
}

static struct run bench_exec(long n) {
    char *arguments[] = {(char *)self, "--nothing", NULL}, *none[] = {NULL};
    struct run r = begin();
    for (long i = 0; i < n; i++) {
        int status;
        pid_t child = fork();
        if (child < 0) fail("fork");
        if (child == 0) {
            execve(self, arguments, none);
            _exit(1);
        }
        if (waitpid(child, &status, 0) != child || status != 0) fail("exec");
    }
    return end(r);
}

enum { kPage = 4096, kRegionPages = 4096 };

// Touches fresh pages, in rising order or in an order without a pattern (a walk that meets each page of a power of two once).
static struct run faults(long n, int random) {
    struct run total = {0, 0};
    while (n > 0) {
        long count = random ? kRegionPages : n < kRegionPages ? n : kRegionPages;
        char *memory = mmap(NULL, (size_t)kRegionPages * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) fail("mmap");
        madvise(memory, (size_t)kRegionPages * kPage, MADV_NOHUGEPAGE);
        uint32_t page = 12345 % kRegionPages;
        if (count > n) count = n;
        struct run r = begin();
        for (long i = 0; i < count; i++) {
            if (random)
                page = (page * 1664525u + 1013904223u) % kRegionPages;
            else
                page = (uint32_t)i;
            ((volatile char *)memory)[(size_t)page * kPage] = 1;
        }
        r = end(r);
        total.ns += r.ns;
        total.ticks += r.ticks;
        munmap(memory, (size_t)kRegionPages * kPage);
        n -= count;
    }
    return total;
}

static struct run bench_fault_seq(long n) { return faults(n, 0); }
static struct run bench_fault_rand(long n) { return faults(n, 1); }

static struct run bench_file(long n) {
    char name[64];
    const char *folder = getenv("BENCH_DIR");
    snprintf(name, sizeof name, "%s/bench.%d", folder ? folder : "/tmp", (int)getpid());
    struct run r = begin();
    for (long i = 0; i < n; i++) {
        int fd = open(name, O_CREAT | O_RDWR | O_EXCL, 0644);
        if (fd < 0) fail(name);
        close(fd);
        if (unlink(name)) fail(name);
    }
    return end(r);
}

struct ping_pong {
    int turn __attribute__((aligned(64)));
    long rounds;
};

// As C libraries make it in their locks: the number in an immediate directly before the instruction.
static void futex(int *word, int operation, int value) {
    long result;
    register void *no_timeout __asm__("r10") = NULL;
    __asm__ volatile("mov %1, %%eax\n\tsyscall"
                     : "=a"(result)
                     : "i"(SYS_futex), "D"(word), "S"((long)operation), "d"((long)value), "r"(no_timeout)
                     : "rcx", "r11", "memory");
}

static void wait_for_turn(int *turn, int mine) {
    int now;
    while ((now = __atomic_load_n(turn, __ATOMIC_ACQUIRE)) != mine) futex(turn, FUTEX_WAIT_PRIVATE, now);
}

static void give_turn(int *turn, int other) {
    __atomic_store_n(turn, other, __ATOMIC_RELEASE);
    futex(turn, FUTEX_WAKE_PRIVATE, 1);
}

static void *pong(void *argument) {
    struct ping_pong *p = argument;
    for (long i = 0; i < p->rounds; i++) {
        wait_for_turn(&p->turn, 1);
        give_turn(&p->turn, 0);
    }
    return NULL;
}

static struct run bench_futex(long n) {
    struct ping_pong p = {0, n};
    pthread_t thread;
    if (pthread_create(&thread, NULL, pong, &p)) fail("pthread_create");
    struct run r = begin();
    for (long i = 0; i < n; i++) {
        give_turn(&p.turn, 1);
        wait_for_turn(&p.turn, 0);
    }
    r = end(r);
    pthread_join(thread, NULL);
    return r;
}

// Two processes at a time, each doing n operations; they start together and the slower one counts.
static struct run twice(struct run (*work)(long), long n) {
    struct shared {
        int ready, go;
        struct run run[2];
    } *shared = mmap(NULL, kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) fail("mmap");
    pid_t child[2];
    for (int i = 0; i < 2; i++) {
        child[i] = fork();
        if (child[i] < 0) fail("fork");
        if (child[i] == 0) {
            cpu_set_t set;
            CPU_ZERO(&set);
            CPU_SET((unsigned)i, &set);
            sched_setaffinity(0, sizeof set, &set);  // with one CPU both stay there
            __atomic_add_fetch(&shared->ready, 1, __ATOMIC_SEQ_CST);
            while (!__atomic_load_n(&shared->go, __ATOMIC_SEQ_CST)) sched_yield();
            shared->run[i] = work(n);
            _exit(0);
        }
    }
    while (__atomic_load_n(&shared->ready, __ATOMIC_SEQ_CST) != 2) sched_yield();
    __atomic_store_n(&shared->go, 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < 2; i++) waitpid(child[i], NULL, 0);
    struct run r = shared->run[shared->run[1].ns > shared->run[0].ns];
    munmap(shared, kPage);
    return r;
}

static const struct operation {
    const char *name;
    struct run (*run)(long);
    long first;  // operations of the first, calibrating run
    int processes;
} operations[] = {
    {"getppid", bench_getppid, 2000, 1},      {"pipe", bench_pipe, 50, 1},
    {"socket", bench_socket, 50, 1},
    {"fork", bench_fork, 10, 1},              {"exec", bench_exec, 5, 1},
    {"fault-seq", bench_fault_seq, 512, 1},   {"fault-rand", bench_fault_rand, 512, 1},
    {"file", bench_file, 50, 1},              {"futex", bench_futex, 50, 1},
    {"getppid*2", bench_getppid, 2000, 2},    {"fault-seq*2", bench_fault_seq, 512, 2},
    {"file*2", bench_file, 50, 2},
};

static struct run perform(const struct operation *o, long n) { return o->processes == 2 ? twice(o->run, n) : o->run(n); }

static int chosen(const char *only, const char *name) {
    if (!only) return 1;
    size_t length = strlen(name);
    for (const char *at = only; (at = strstr(at, name)); at++)
        if ((at == only || at[-1] == ',') && (at[length] == ',' || !at[length])) return 1;
    return 0;
}

int main(int argc, char **argv) {
    long repeat = 5, time_ms = 60, count = 0;
    const char *only = NULL;
    self = argv[0];
    if (argc > 1 && strcmp(argv[1], "--nothing") == 0) return 0;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "0";
        if (strcmp(argv[i], "--list") == 0) {
            for (size_t k = 0; k < sizeof operations / sizeof *operations; k++) puts(operations[k].name);
            return 0;
        }
        if (strcmp(argv[i], "--repeat") == 0) repeat = atol(value);
        if (strcmp(argv[i], "--time") == 0) time_ms = atol(value);
        if (strcmp(argv[i], "--count") == 0) count = atol(value);
        if (strcmp(argv[i], "--only") == 0) only = argv[i + 1];
    }
    for (size_t k = 0; k < sizeof operations / sizeof *operations; k++) {
        const struct operation *o = &operations[k];
        if (!chosen(only, o->name)) continue;
        long n = count ? count : o->first;
        struct run r = perform(o, n);  // warms up, and calibrates
        while (!count && r.ns < (uint64_t)time_ms * 1000000 / 2 && n < 1000000000) {
            double more = r.ns ? (double)time_ms * 1e6 / (double)r.ns : 10;
            n = (long)((double)n * (more > 10 ? 10 : more < 1.2 ? 1.2 : more)) + 1;
            r = perform(o, n);
        }
        for (long i = 0; i < repeat; i++) {
            r = perform(o, n);
            printf("BENCH %s %ld %llu %llu\n", o->name, n * o->processes, (unsigned long long)r.ns, (unsigned long long)r.ticks);
            fflush(stdout);
        }
    }
    return 0;
}
