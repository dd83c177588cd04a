// SPDX-License-Identifier: MPL-2.0
// mremap: growing in place, moving, shrinking, fixed targets, shared mappings, errors in order.
// Covers: mremap
#include "../conf.h"
static void test(void)
{
    char *a = mmap(0, 64 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *p = mmap(a, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    munmap(a + 4 * PAGE, 12 * PAGE);
    for (int i = 0; i < 4; i++)
        sprintf(p + i * PAGE, "page %d", i);
    say("grow in place %d", (char *)SC(mremap, p, 4 * PAGE, 8 * PAGE, 0) == p);
    S(p + 3 * PAGE), say("new is zero %d", p[7 * PAGE]);
    R(SC(mremap, p, 8 * PAGE, 32 * PAGE, 0)); // something is in the way
    say("same size %d", (char *)SC(mremap, p, 8 * PAGE, 8 * PAGE, 0) == p);
    char *q = (char *)SC(mremap, p, 8 * PAGE, 32 * PAGE, MREMAP_MAYMOVE);
    say("moved %d", q != p), S(q + PAGE), S(q + 3 * PAGE);
    int pp[2];
    pipe(pp);
    R(write(pp[1], p, 1)); // the old place is gone
    say("shrink %d", (char *)SC(mremap, q, 32 * PAGE, 2 * PAGE, 0) == q);
    R(write(pp[1], q + 2 * PAGE, 1));
    R(write(pp[1], q + PAGE, 1));
    // To a fixed place, where something else is
    char *t = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    strcpy(t + PAGE, "old");
    say("fixed %d", (char *)SC(mremap, q, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, t) == t), S(t + PAGE);
    R(SC(mremap, t, PAGE, PAGE, MREMAP_FIXED, t + 2 * PAGE));
    R(SC(mremap, t, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, t + 1));
    R(SC(mremap, t, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, t + PAGE));
    R(SC(mremap, t + 1, PAGE, PAGE, 0));
    R(SC(mremap, t, PAGE, 0, 0));
    R(SC(mremap, t, PAGE, PAGE, 64));
    R(SC(mremap, BAD, PAGE, 2 * PAGE, MREMAP_MAYMOVE) >= 0); // inaccessible, but mapped
    munmap(t + 2 * PAGE, PAGE);
    R(SC(mremap, t + 2 * PAGE, PAGE, PAGE, 0));
    R(SC(mremap, t + PAGE, 3 * PAGE, 5 * PAGE, MREMAP_MAYMOVE)); // reaches over the end of its mapping
    R(SC(mremap, t, PAGE, 1ul << 46, MREMAP_MAYMOVE) == -1);
    // Nothing at the old place: what is at the new one stays.
    strcpy(t, "kept");
    R(SC(mremap, t + 2 * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, t)), S(t);
    say("the same length, of whatever: %d", SC(mremap, t, 1ul << 60, 1ul << 60, 0) == (long)t), R(SC(mremap, 1ul << 63, PAGE, PAGE, 0));
    R(SC(mremap, t, PAGE, 1ul << 60, MREMAP_MAYMOVE)), R(SC(mremap, t, 1ul << 60, 1ul << 61, MREMAP_MAYMOVE)), R(SC(mremap, t, PAGE, 1ul << 60, MREMAP_MAYMOVE | MREMAP_FIXED, t + PAGE));
    R(SC(mremap, t, 1ul << 60, PAGE, 0));
    // Part of a mapping
    char *m = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 4; i++)
        m[i * PAGE] = 'a' + i;
    char *n = (char *)SC(mremap, m + PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE);
    say("part moved '%c' '%d', rest '%c' '%c'", n[0], n[PAGE], m[0], m[2 * PAGE]);
    R(write(pp[1], m + PAGE, 1));
    // Shared file mappings: the offset goes along; old size 0 duplicates.
    int fd = open("f", O_RDWR | O_CREAT, 0644);
    ftruncate(fd, 8 * PAGE);
    for (int i = 0; i < 8; i++)
        pwrite(fd, (char[]){'0' + i}, 1, i * PAGE);
    char *s = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 2 * PAGE);
    char *u = (char *)SC(mremap, s + PAGE, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
    say("file pages %c %c %c, left %c", u[0], u[PAGE], u[2 * PAGE], s[0]);
    u[0] = 'X';
    char b;
    pread(fd, &b, 1, 3 * PAGE), say("written through %c", b);
    char *dup = (char *)SC(mremap, u, 0, PAGE, MREMAP_MAYMOVE);
    say("duplicate %d %c", dup != u, dup[0]);
    dup[0] = 'Y', say("both %c", u[0]);
    R(SC(mremap, m, 0, PAGE, MREMAP_MAYMOVE)); // not for private ones
    // MREMAP_DONTUNMAP leaves the old place, empty.
    char *k = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *k = 'k';
    char *k2 = (char *)SC(mremap, k, PAGE, PAGE, MREMAP_MAYMOVE | 4, 0);
    say("dontunmap '%c' %d", *k2, *k);
}
