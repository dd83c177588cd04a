// SPDX-License-Identifier: MPL-2.0
// Mapped files: shared and private, visibility both ways, ends of files, protection against the open mode, msync.
// Covers: mmap munmap msync ftruncate
#include "../conf.h"
static void test(void)
{
    char b[32];
    int fd = open("f", O_RDWR | O_CREAT, 0644), ro = open("f", O_RDONLY), wo = open("f", O_WRONLY), d = open(".", O_RDONLY);
    for (int i = 0; i < 3; i++)
        pwrite(fd, "page 0 text", 11, i * PAGE), pwrite(fd, (char[]){'0' + i}, 1, i * PAGE + 5);
    char *s = mmap(0, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *p = mmap(0, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    S(s + PAGE), S(p + 2 * PAGE);
    // Shared: both ways at once
    memcpy(s, "PAGE", 4);
    R(pread(fd, b, 11, 0)), B(b, 11);
    R(pwrite(fd, "through", 7, PAGE)), S(s + PAGE);
    S(p), S(p + PAGE); // private pages follow the file until they are written
    memcpy(p, "mine", 4);
    R(pwrite(fd, "other", 5, 0)), S(p), S(s);
    R(pread(fd, b, 5, 0)), B(b, 5);
    // The tail of the last page is zero and is not written to the file.
    ftruncate(fd, 2 * PAGE + 100);
    say("tail %d", s[2 * PAGE + 100]);
    s[2 * PAGE + 200] = 'x';
    R(msync(s, 3 * PAGE, MS_SYNC));
    R(pread(fd, b, 32, 2 * PAGE + 90));
    // Protection and mode
    R(SC(mmap, 0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, ro, 0));
    OK(SC(mmap, 0, PAGE, PROT_READ, MAP_SHARED, ro, 0));
    OK(SC(mmap, 0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, ro, 0));
    R(SC(mmap, 0, PAGE, PROT_WRITE, MAP_SHARED, wo, 0));
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, wo, 0));
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, d, 0));
    int ap = open("f", O_RDWR | O_APPEND), pp[2];
    OK(SC(mmap, 0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, ap, 0));
    pipe(pp);
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, pp[0], 0));
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_SHARED, fd, 100));
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_SHARED, fd, -PAGE));
    OK(SC(mmap, 0, PAGE, PROT_READ, MAP_SHARED, fd, 100 * PAGE)); // beyond the end: allowed
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_SHARED, fd, 1ull << 63)); // no file is as long
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_SHARED, fd, (1ull << 63) - PAGE));
    R(SC(mmap, 0, 2 * PAGE, PROT_READ, MAP_SHARED, fd, (1ull << 63) - 3 * PAGE) == -1);
    char *last = mmap(0, PAGE, PROT_READ, MAP_SHARED, fd, (1ull << 63) - 5 * PAGE);
    OK(last), R(SC(mremap, last, PAGE, 3 * PAGE, MREMAP_MAYMOVE) == -1);
    R(SC(mmap, 0, 0, PROT_READ, MAP_SHARED, fd, 0));
    R(SC(mmap, 0, PAGE, PROT_READ, 0, fd, 0));
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, open("f", O_PATH), 0));
    char *ros = mmap(0, PAGE, PROT_READ, MAP_SHARED, ro, 0);
    R(mprotect(ros, PAGE, PROT_READ | PROT_WRITE));
    // The mapping outlives the descriptor and the name.
    int u = open("u", O_RDWR | O_CREAT, 0644);
    write(u, "still here", 10);
    char *m = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, u, 0);
    close(u), unlink("u");
    S(m);
    m[0] = 'S', S(m);
    // msync
    R(SC(msync, s, PAGE, MS_ASYNC));
    R(SC(msync, s, PAGE, MS_SYNC | MS_ASYNC));
    R(SC(msync, s, PAGE, 8));
    R(SC(msync, s + 1, PAGE, MS_SYNC));
    R(SC(msync, s, 0, MS_SYNC));
    R(SC(msync, s, PAGE, MS_INVALIDATE));
    char *hole = mmap(0, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(hole + PAGE, PAGE);
    R(SC(msync, hole, 3 * PAGE, MS_SYNC));
    // read(2) from a file into its own mapping; a write from a mapping of the file itself
    R(pread(fd, s + 10, 4, PAGE)), S(s);
    R(pwrite(fd, s, 5, PAGE)), S(s + PAGE);
    // Reading devices by mapping
    int z = open("/dev/zero", O_RDWR);
    char *zm = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, z, 0);
    OK(zm), V(zm[5]);
    char *zs = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, z, 0);
    pid_t c;
    CHILD(c) { strcpy(zs, "shared zero"); }
    waitpid(c, 0, 0);
    S(zs);
    R(SC(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, open("/dev/null", O_RDWR), 0));
}
