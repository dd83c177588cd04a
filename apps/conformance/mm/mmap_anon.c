// SPDX-License-Identifier: MPL-2.0
// mmap and munmap of anonymous memory: arguments and errors in order, fixed addresses, partial unmapping, limits.
// Covers: mmap munmap
#include "../conf.h"
#include <sys/resource.h>
static void test(void)
{
    char *p = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    OK(p);
    say("aligned %d zero %d", (uintptr_t)p % PAGE == 0, p[0] + p[4 * PAGE - 1]);
    memset(p, 1, 4 * PAGE);
    R(SC(mmap, 0, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0)); // neither shared nor private
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 5)); // offset not a multiple
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, -1, 0));
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, 99, 5));
    R(SC(mmap, 0, -1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    R(SC(mmap, 0, 1ul << 56, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    R(SC(mmap, p + 1, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    R(SC(mmap, 1ul << 56, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    R(SC(mmap, -PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    OK(SC(mmap, 1ul << 56, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)); // as a hint it does not matter
    OK(SC(mmap, p + 1, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    // A free hint is taken, also if it is not a multiple; MAP_FIXED replaces; MAP_FIXED_NOREPLACE does not.
    char *q = mmap(0, 16 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(q, 16 * PAGE);
    say("hint taken %d", mmap(q + 8 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == q + 8 * PAGE);
    say("hint in use: elsewhere %d", mmap(q + 8 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != q + 8 * PAGE);
    say("fixed %d", mmap(p + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p + PAGE);
    say("replaced by zeros %d, neighbours %d %d", p[PAGE], p[PAGE - 1], p[2 * PAGE]);
    R(SC(mmap, p, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | 0x100000, -1, 0));
    say("noreplace, free %d", mmap(q, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | 0x100000, -1, 0) == q);
    // munmap
    R(SC(munmap, p + PAGE, PAGE));
    say("neighbours %d %d", p[0], p[2 * PAGE]);
    R(SC(munmap, p + PAGE, PAGE)); // nothing there: no error
    R(SC(munmap, p + 1, PAGE));
    R(SC(munmap, p, 0));
    R(SC(munmap, p, 1)); // rounded up
    R(SC(munmap, 1ul << 56, PAGE));
    R(SC(munmap, p, -1));
    R(SC(munmap, p, 4 * PAGE));
    int pfd[2];
    pipe(pfd);
    R(write(pfd[1], p + 2 * PAGE, 1)); // a system call finds it unmapped
    // Two mappings with a hole between: unmapping over both
    p = mmap(0, 8 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    R(SC(munmap, p + 2 * PAGE, 2 * PAGE));
    R(SC(munmap, p, 8 * PAGE));
    // Large and sparse: only what is touched costs memory.
    p = mmap(0, 1ul << 34, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    OK(p);
    long sum = 0;
    for (unsigned long i = 0; i < 1ul << 34; i += 1ul << 30)
        p[i] = 1;
    for (unsigned long i = 0; i < 1ul << 34; i += 1ul << 29)
        sum += p[i];
    V(sum);
    R(munmap(p, 1ul << 34));
    // MAP_POPULATE, MAP_GROWSDOWN, MAP_STACK and MAP_LOCKED are accepted.
    OK(SC(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0));
    OK(SC(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0));
    OK(SC(mmap, 0, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    R(SC(mmap, 0, PAGE, PROT_READ, 3 | MAP_ANONYMOUS | 0x80000000, -1, 0)); // MAP_SHARED_VALIDATE knows no such flag
    // The limit of the address space
    pid_t c;
    CHILD(c) {
        struct rlimit rl = {64 << 20, 64 << 20};
        R(setrlimit(RLIMIT_AS, &rl));
        R(SC(mmap, 0, 128 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        OK(SC(mmap, 0, 16 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        rl.rlim_cur = 8 << 20;
        R(setrlimit(RLIMIT_DATA, &rl));
        R(SC(mmap, 0, 16 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        OK(SC(mmap, 0, 16 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    }
    reap("limits", c);
}
