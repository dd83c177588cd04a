// SPDX-License-Identifier: MPL-2.0
// brk: growing, shrinking, what is returned, zeroed memory, collisions and RLIMIT_DATA.
// Covers: brk
#include "../conf.h"
#include <sys/resource.h>
static void test(void)
{
    char *b0 = (char *)SC(brk, 0);
    OK(b0);
    say("again the same %d", (char *)SC(brk, 0) == b0);
    char *b1 = (char *)SC(brk, b0 + 3 * PAGE);
    say("grown %d", b1 == b0 + 3 * PAGE);
    int zero = 1;
    for (char *p = b0; p < b1; p++)
        zero &= *p == 0;
    say("zero %d", zero);
    memset(b0, 'x', 3 * PAGE);
    say("not a multiple %d", (char *)SC(brk, b0 + PAGE + 100) == b0 + PAGE + 100);
    int p[2];
    pipe(p);
    char *up = (char *)(((uintptr_t)b0 + PAGE + 100 + PAGE - 1) & ~(PAGE - 1));
    R(write(p[1], up, 1)); // given back
    R(write(p[1], up - 1, 1)); // still in the last page
    SC(brk, b0 + 3 * PAGE);
    say("zero after coming back %d, kept below %c", *up, b0[PAGE]);
    // Failures return the present break.
    say("below the start %d", (char *)SC(brk, b0 - 100 * PAGE) == b0 + 3 * PAGE);
    say("kernel half %d", (char *)SC(brk, -PAGE) == b0 + 3 * PAGE);
    say("1 %d", (char *)SC(brk, 1) == b0 + 3 * PAGE);
    // Something in the way
    char *top = (char *)(((uintptr_t)b0 + 16 * PAGE) & ~(PAGE - 1));
    mmap(top, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    say("through a mapping %d", (char *)SC(brk, top + 2 * PAGE) == b0 + 3 * PAGE);
    say("up to it %d", (char *)SC(brk, b0 + 8 * PAGE) == b0 + 8 * PAGE);
    munmap(top, PAGE);
    pid_t c;
    CHILD(c) {
        say("child has the same %d", (char *)SC(brk, 0) == b0 + 8 * PAGE);
        SC(brk, b0 + 10 * PAGE);
        struct rlimit rl = {1 << 20, 1 << 20};
        setrlimit(RLIMIT_DATA, &rl);
        say("within the limit %d", (char *)SC(brk, b0 + 11 * PAGE) == b0 + 11 * PAGE);
        say("over the limit %d", (char *)SC(brk, b0 + (8 << 20)) == b0 + 11 * PAGE);
    }
    reap("child", c);
    say("unchanged by the child %d", (char *)SC(brk, 0) == b0 + 8 * PAGE);
    // A large heap
    say("64 MiB %d", (char *)SC(brk, b0 + (64 << 20)) == b0 + (64 << 20));
    b0[(64 << 20) - 1] = 1;
    say("and back %d", (char *)SC(brk, b0 + PAGE) == b0 + PAGE);
}
