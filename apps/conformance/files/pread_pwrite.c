// SPDX-License-Identifier: MPL-2.0
// pread64 and pwrite64: the offset stays, negative offsets, pipes, append mode.
// Covers: pread64 pwrite64
#include "../conf.h"
static void test(void)
{
    char b[32] = "";
    int fd = open("f", O_RDWR | O_CREAT, 0644), p[2];
    pipe(p);
    R(SC(pwrite64, fd, "abcdefgh", 8, 0));
    R(SC(pwrite64, fd, "XY", 2, 3));
    R(SC(pread64, fd, b, 32, 0));
    B(b, 8);
    R(SC(pread64, fd, b, 4, 6));
    R(SC(pread64, fd, b, 4, 8));
    R(SC(pread64, fd, b, 4, 1000));
    R(lseek(fd, 0, SEEK_CUR));
    R(SC(pwrite64, fd, "end", 3, 12));
    R(SC(pread64, fd, b, 32, 0));
    B(b, 15);
    R(SC(pread64, fd, b, 4, -1));
    R(SC(pwrite64, fd, b, 4, -1));
    R(SC(pread64, 99, b, 4, -1));
    R(SC(pread64, 99, b, 4, 0));
    R(SC(pread64, p[0], b, 4, 0));
    R(SC(pwrite64, p[1], b, 4, 0));
    R(SC(pread64, fd, BAD, 4, 0));
    R(SC(pwrite64, fd, BAD, 4, 0));
    R(SC(pread64, fd, b, 4, 0x7fffffffffffffffl));
    R(SC(pwrite64, fd, b, 4, 0x7fffffffffffffffl));
    int dir = open(".", O_RDONLY), wo = open("f", O_WRONLY);
    R(SC(pread64, dir, b, 1, 0));
    R(SC(pread64, wo, b, 1, 0));
    // With O_APPEND, pwrite appends whatever the offset (a documented bug of Linux).
    int ap = open("f", O_RDWR | O_APPEND);
    R(SC(pwrite64, ap, "!!", 2, 0));
    R(SC(pread64, fd, b, 32, 12));
    B(b, 5);
    R(lseek(ap, 0, SEEK_CUR));
}
