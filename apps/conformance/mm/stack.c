// SPDX-License-Identifier: MPL-2.0
// The stack: growth by touching, its limit, what lies below it, growth in system calls, MAP_GROWSDOWN.
// Covers: mmap
#include "../conf.h"
#include <alloca.h>
#include <sys/resource.h>
static char probe_at(unsigned long bytes)
{
    volatile char *p = alloca(bytes);
    p[0] = 1;
    return p[0];
}
__attribute__((noinline)) static int deep(int n)
{
    volatile char b[1024];
    b[0] = n;
    return n ? deep(n - 1) + b[0] - (char)n : 0;
}
static void test(void)
{
    struct rlimit rl;
    getrlimit(RLIMIT_STACK, &rl);
    say("limit is 8 MiB %d", rl.rlim_cur == 8 << 20);
    V(deep(4000));
    pid_t c;
    CHILD(c) { V(probe_at(7 << 20)); }
    reap("7 MiB at once", c);
    CHILD(c) { SC(prctl, 4, 0, 0, 0, 0); V(probe_at(9 << 20)); }
    reap("9 MiB at once", c);
    CHILD(c) { SC(prctl, 4, 0, 0, 0, 0); V(deep(9000)); }
    reap("9 MiB by recursion", c);
    // The limit may be lowered and raised for the running process.
    CHILD(c) { SC(prctl, 4, 0, 0, 0, 0); struct rlimit s = {1 << 20, rl.rlim_max}; setrlimit(RLIMIT_STACK, &s); V(deep(2000)); }
    reap("limit 1 MiB", c);
    CHILD(c) { struct rlimit s = {16 << 20, rl.rlim_max}; setrlimit(RLIMIT_STACK, &s); V(deep(12000)); }
    reap("limit 16 MiB", c);
    // A system call may be what touches new stack.
    CHILD(c) {
        char *p = alloca(3 << 20);
        int fd = open("/dev/zero", O_RDONLY);
        R(read(fd, p, 100));
        R(read(fd, p + 100000, 100));
    }
    reap("read", c);
    // A thread's stack ends at its guard page: checked with a mapping that grows down.
    char *g = mmap(0, 512 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(g, 512 * PAGE);
    char *s = mmap(g + 500 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
    OK(s);
    CHILD(c) {
        for (int i = 0; i < 200; i++)
            s[-i * (long)PAGE] = i;
        say("grown by 199 pages, %d", s[-150 * (long)PAGE]);
    }
    reap("growsdown", c);
    // It does not grow to within 256 pages of another mapping.
    CHILD(c) {
        SC(prctl, 4, 0, 0, 0, 0);
        mmap(g + 200 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        int i = 0;
        for (; i < 30; i++)
            s[-i * (long)PAGE] = i;
        say("30 pages are possible");
        for (; i < 100; i++)
            s[-i * (long)PAGE] = i;
        say("not reached");
    }
    reap("gap", c);
}
