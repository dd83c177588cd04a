// SPDX-License-Identifier: MPL-2.0
// madvise, mincore, mlock: what MADV_DONTNEED drops, what stays, errors in order.
// Covers: madvise mincore mlock munlock mlock2 mlockall munlockall
#include "../conf.h"
#include <sys/resource.h>
static void user(void)
{
    struct rlimit none = {0, 0}, one = {PAGE, PAGE};
    char *m = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    setrlimit(RLIMIT_MEMLOCK, &one);
    R(SC(mlock, m, PAGE)), R(SC(mlock, m, 2 * PAGE)), R(SC(mlockall, 1)), R(SC(mmap, 0, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    R(SC(munlock, m, PAGE)), setrlimit(RLIMIT_MEMLOCK, &none);
    R(SC(mlock, m, PAGE)), R(SC(mlock2, m, PAGE, 0)), R(SC(mlockall, 1)), R(SC(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0)), R(SC(munlockall));
}
static void test(void)
{
    char *p = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned char v[8];
    memset(p, 'a', 4 * PAGE);
    R(SC(madvise, p + PAGE, PAGE, MADV_DONTNEED));
    say("%d %d %d", p[0], p[PAGE], p[2 * PAGE]);
    R(SC(madvise, p, 4 * PAGE, MADV_NORMAL));
    R(SC(madvise, p, 4 * PAGE, MADV_RANDOM));
    R(SC(madvise, p, 4 * PAGE, MADV_SEQUENTIAL));
    R(SC(madvise, p, 4 * PAGE, MADV_WILLNEED));
    R(SC(madvise, p, 0, MADV_DONTNEED));
    R(SC(madvise, p + 1, PAGE, MADV_DONTNEED));
    R(SC(madvise, p, -1, MADV_DONTNEED));
    R(SC(madvise, p, PAGE, 999));
    R(SC(madvise, p + 1, PAGE, 999));
    say("kept %d", p[0]);
    // Shared and file mappings come back from where they are kept.
    char *s = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *s = 's', R(SC(madvise, s, PAGE, MADV_DONTNEED)), say("shared '%c'", *s);
    int fd = open("f", O_RDWR | O_CREAT, 0644);
    write(fd, "file", 4);
    char *f = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    f[0] = 'F', R(SC(madvise, f, PAGE, MADV_DONTNEED)), say("private of a file '%c'", f[0]);
    // Holes: everything mapped is treated, then ENOMEM.
    munmap(p + PAGE, PAGE);
    R(SC(madvise, p, 3 * PAGE, MADV_DONTNEED));
    say("%d %d", p[0], p[2 * PAGE]);
    R(SC(madvise, p + PAGE, PAGE, MADV_DONTNEED));
    // Not inherited
    char *d = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    d[0] = 'd', d[PAGE] = 'w';
    R(SC(madvise, d, PAGE, MADV_DONTFORK));
    R(SC(madvise, d + PAGE, PAGE, 18)); // MADV_WIPEONFORK
    pid_t c;
    int pp[2];
    pipe(pp);
    CHILD(c) { R(write(pp[1], d, 1)); V(d[PAGE]); }
    reap("child", c);
    say("here '%c' '%c'", d[0], d[PAGE]);
    // mincore: what is in memory
    char *m = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    R(SC(madvise, m, 4 * PAGE, 15)); // no huge pages here
    m[0] = m[2 * PAGE] = 1;
    memset(v, 9, 8);
    R(SC(mincore, m, 4 * PAGE, v)), say("%d%d%d%d", v[0] & 1, v[1] & 1, v[2] & 1, v[3] & 1);
    R(SC(mincore, m, 1, v)), R(SC(mincore, m, 0, v));
    R(SC(mincore, m + 1, PAGE, v));
    R(SC(mincore, m, PAGE, BAD));
    R(SC(mincore, p, 3 * PAGE, v));
    R(SC(mincore, m, -1, v));
    // Locking populates.
    R(SC(mlock, m, 4 * PAGE));
    R(SC(mincore, m, 4 * PAGE, v)), say("%d%d%d%d", v[0] & 1, v[1] & 1, v[2] & 1, v[3] & 1);
    R(SC(madvise, m, PAGE, MADV_DONTNEED)); // not of locked memory
    R(SC(munlock, m, 4 * PAGE));
    R(SC(mlock, p, 3 * PAGE));
    R(SC(munlock, p + PAGE, PAGE));
    R(SC(mlock, m, -1));
    R(SC(mlockall, 0));
    R(SC(mlockall, 8));
    R(SC(mlockall, 4));
    R(SC(munlockall));
    m = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    R(SC(mlock2, m, 2 * PAGE, 0)), R(SC(mincore, m, 2 * PAGE, v)), say("%d%d", v[0] & 1, v[1] & 1), R(SC(munlock, m, 2 * PAGE));
    R(SC(mlock2, m, PAGE, 1)), R(SC(mlock2, m, PAGE, 2)), R(SC(mlock2, m, -1, 0)), R(SC(mlock2, p + PAGE, PAGE, 0));
    CHILD(c) {
        R(SC(mlockall, 2)), m = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        R(SC(mincore, m, 2 * PAGE, v)), say("%d%d", v[0] & 1, v[1] & 1), R(SC(madvise, m, PAGE, MADV_DONTNEED)), R(SC(munlockall)), R(SC(madvise, m, PAGE, MADV_DONTNEED));
    }
    reap("future", c);
    as_user(1000, user);
}
