// SPDX-License-Identifier: MPL-2.0
// mseal: what a sealed mapping refuses, what it still allows, errors in order; the seal in smaps and after fork.
// Covers: mseal
#include "../conf.h"
#ifndef SYS_mseal
#define SYS_mseal 462
#endif
static void test(void)
{
    char *m = mmap(0, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *hole = m + 7 * PAGE;
    memset(m, 'a', 8 * PAGE), munmap(hole, PAGE);
    R(SC(mseal, m, PAGE, 1)), R(SC(mseal, m + 1, PAGE, 0)), R(SC(mseal, m, -1, 0)), R(SC(mseal, m, 0, 0)), R(SC(mseal, hole, PAGE, 0));
    // With a hole at the end nothing is sealed.
    R(SC(mseal, m + 6 * PAGE, 2 * PAGE, 0)), R(mprotect(m + 6 * PAGE, PAGE, PROT_READ)), R(mprotect(m + 6 * PAGE, PAGE, PROT_READ | PROT_WRITE));
    R(SC(mseal, m + 2 * PAGE, PAGE + 1, 0)), R(SC(mseal, m + 2 * PAGE, PAGE, 0));
    char *s = m + 2 * PAGE;
    R(mprotect(s, PAGE, PROT_READ)), R(SC(munmap, s, PAGE)), R(SC(munmap, m, 4 * PAGE)), V(m[0]);
    // mprotect changes what lies before it.
    R(mprotect(m, 4 * PAGE, PROT_READ)), R(SC(read, open("/dev/zero", 0), m, 1)), R(mprotect(m, PAGE, PROT_READ | PROT_WRITE));
    R(SC(mmap, s, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)), R(SC(mmap, m, 8 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    R(SC(mmap, s, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | 0x100000, -1, 0));
    R(SC(mremap, s, PAGE, 2 * PAGE, MREMAP_MAYMOVE)), R(SC(mremap, s, 2 * PAGE, PAGE, 0)), R(SC(mremap, s, PAGE, PAGE, 0));
    R(SC(mremap, m, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, s)), R(SC(mremap, s, PAGE, PAGE, MREMAP_MAYMOVE | 4));
    // It can be written, so its pages can be thrown away as well.
    R(madvise(s, PAGE, MADV_NORMAL)), R(madvise(s, PAGE, MADV_DONTNEED)), V(*s), *s = 'b', R(SC(mlock, s, PAGE)), R(SC(munlock, s, PAGE));
    char *r = m + 5 * PAGE;
    R(mprotect(r, PAGE, PROT_READ)), R(SC(mseal, r, PAGE, 0));
    R(madvise(r, PAGE, MADV_DONTNEED)), R(madvise(r, PAGE, 8)), R(madvise(r, PAGE, MADV_DONTFORK)), R(madvise(r, PAGE, 18)), R(madvise(r, PAGE, MADV_WILLNEED)), V(*r);
    // Shared memory keeps its contents elsewhere.
    char *f = mmap(0, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    R(SC(mseal, f, PAGE, 0)), R(madvise(f, PAGE, MADV_DONTNEED)), R(SC(munmap, f, PAGE));
    pid_t c;
    CHILD(c) { R(SC(munmap, s, PAGE)), R(mprotect(r, PAGE, PROT_NONE)), V(*s), V(*r); }
    reap("child", c);
    // The heap does not shrink below it.
    char *top = (char *)SC(brk, 0), *end = (char *)(((long)top + 4095) & -4096);
    V(SC(brk, end + 2 * PAGE) == (long)end + 2 * (long)PAGE), R(SC(mseal, end, PAGE, 0)), V(SC(brk, end) == (long)end + 2 * (long)PAGE);
}
