// SPDX-License-Identifier: MPL-2.0
// read and write on files: counts, ends, bad descriptors and buffers that end in unmapped memory.
// Covers: read write
#include "../conf.h"
static void test(void)
{
    char b[64];
    int fd = open("f", O_RDWR | O_CREAT, 0644);
    R(SC(write, fd, "hello, world", 12));
    R(SC(read, fd, b, 10));
    R(lseek(fd, 0, SEEK_SET));
    R(SC(read, fd, b, 5));
    B(b, 5);
    R(SC(read, fd, b, 64));
    B(b, 7);
    R(SC(read, fd, b, 64));
    R(SC(read, fd, b, 0));
    R(SC(write, fd, b, 0));
    R(SC(write, fd, BAD, 0));
    R(SC(read, fd, BAD, 0));
    R(SC(read, fd, BAD, 1)); // at the end of the file nothing is copied
    R(lseek(fd, 0, SEEK_SET));
    R(SC(read, fd, BAD, 1));
    R(SC(write, fd, BAD, 1));
    R(lseek(fd, 0, SEEK_CUR));
    R(SC(read, -1, b, 1));
    R(SC(write, 77, b, 1));
    R(SC(read, 77, BAD, 1));
    int ro = open("f", O_RDONLY), wo = open("f", O_WRONLY);
    R(SC(write, ro, b, 1));
    R(SC(read, wo, b, 1));
    R(SC(read, wo, b, 0));
    R(SC(write, ro, BAD, 1));
    R(SC(read, fd, b, (size_t)-1)); // a count that is negative as ssize_t
    int dir = open(".", O_RDONLY);
    R(SC(read, dir, b, 1));
    R(SC(write, dir, b, 1));
    int path = open("f", O_PATH);
    R(SC(read, path, b, 1));
    R(SC(write, path, b, 1));
    // A buffer whose second page is not there: the part before it is transferred.
    char *p = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(p + PAGE, PAGE);
    memset(p, 'x', PAGE);
    int g = open("g", O_RDWR | O_CREAT, 0644);
    R(SC(write, g, p + PAGE - 10, 20));
    R(lseek(g, 0, SEEK_END));
    R(SC(write, g, p, PAGE));
    R(lseek(g, 0, SEEK_SET));
    long got = SC(read, g, p + PAGE - 10, 20);
    say("read into the last 10 bytes: %s", got == 10 ? "10" : got == -1 ? ename(errno) : "other");
    // Offsets of duplicates are shared, those of separate opens are not.
    int d = dup(ro), e = open("f", O_RDONLY);
    R(read(ro, b, 3));
    R(lseek(d, 0, SEEK_CUR));
    R(lseek(e, 0, SEEK_CUR));
    // /dev/null, zero, full
    int nul = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR), full = open("/dev/full", O_RDWR);
    R(SC(write, nul, b, 64));
    R(SC(read, nul, b, 64));
    memset(b, 1, 64);
    R(SC(read, zero, b, 64));
    V(b[0] + b[63]);
    R(SC(write, zero, b, 64));
    R(SC(write, full, b, 64));
    memset(b, 1, 64);
    R(SC(read, full, b, 64));
    V(b[63]);
    R(SC(read, zero, BAD, 10));
}
