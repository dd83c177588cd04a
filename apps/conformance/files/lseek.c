// SPDX-License-Identifier: MPL-2.0
// lseek: every whence, ends of the range, holes, and descriptors that cannot seek.
// Covers: lseek
#include "../conf.h"
static void test(void)
{
    int fd = open("f", O_RDWR | O_CREAT, 0644), p[2];
    pipe(p);
    write(fd, "0123456789", 10);
    R(SC(lseek, fd, 3, SEEK_SET));
    R(SC(lseek, fd, 2, SEEK_CUR));
    R(SC(lseek, fd, -6, SEEK_CUR));
    R(SC(lseek, fd, 0, SEEK_CUR));
    R(SC(lseek, fd, -1, SEEK_SET));
    R(SC(lseek, fd, -10, SEEK_END));
    R(SC(lseek, fd, 5, SEEK_END));
    R(SC(lseek, fd, 0, 5));
    R(SC(lseek, fd, 0, 99));
    R(SC(lseek, fd, 0, -1));
    R(SC(lseek, 99, 0, 99));
    R(SC(lseek, p[0], 0, SEEK_SET));
    R(SC(lseek, p[0], 0, 99));
    R(SC(lseek, fd, 0x7fffffffffffffffl, SEEK_SET));
    R(SC(lseek, fd, 0, SEEK_SET));
    // Data and holes
    R(SC(lseek, fd, 0, SEEK_DATA));
    R(SC(lseek, fd, 0, SEEK_HOLE));
    R(SC(lseek, fd, 10, SEEK_DATA));
    R(SC(lseek, fd, 10, SEEK_HOLE));
    R(SC(lseek, fd, -1, SEEK_HOLE));
    ftruncate(fd, 1 << 20);
    R(SC(lseek, fd, 0, SEEK_HOLE));
    R(SC(lseek, fd, PAGE, SEEK_DATA));
    pwrite(fd, "x", 1, 5 * PAGE + 7);
    R(SC(lseek, fd, PAGE, SEEK_DATA));
    R(SC(lseek, fd, 5 * PAGE + 1, SEEK_HOLE));
    R(SC(lseek, fd, 6 * PAGE, SEEK_DATA));
    // A directory can be rewound, devices take any offset.
    int d = open(".", O_RDONLY), z = open("/dev/zero", O_RDONLY), n = open("/dev/null", O_RDONLY);
    R(SC(lseek, d, 0, SEEK_SET));
    R(SC(lseek, d, -1, SEEK_SET));
    R(SC(lseek, z, 7, SEEK_SET));
    R(SC(lseek, n, 7, SEEK_SET));
    int o = open("f", O_PATH);
    R(SC(lseek, o, 0, SEEK_SET));
    // Writing beyond the end makes zeros.
    int h = open("h", O_RDWR | O_CREAT, 0644);
    char b[8];
    memset(b, 'y', 8);
    R(SC(lseek, h, 6, SEEK_SET));
    R(write(h, "z", 1));
    R(pread(h, b, 8, 0));
    B(b, 8);
}
