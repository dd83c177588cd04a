// SPDX-License-Identifier: MPL-2.0
// sendfile, copy_file_range, splice and tee: counts, offsets, and what may be copied where.
// Covers: sendfile copy_file_range splice tee
#include "../conf.h"
static void test(void)
{
    char b[64] = "";
    put_file("src", "0123456789abcdef", 0644);
    int in = open("src", O_RDONLY), out = open("dst", O_RDWR | O_CREAT, 0644), p[2], q[2];
    pipe(p), pipe(q);
    R(SC(sendfile, out, in, 0, 6));
    R(lseek(in, 0, SEEK_CUR));
    off_t off = 10;
    R(SC(sendfile, out, in, &off, 100));
    V(off);
    R(lseek(in, 0, SEEK_CUR));
    R(get_file("dst", b, 64));
    B(b, 12);
    R(SC(sendfile, p[1], in, 0, 4));
    R(read(p[0], b, 64));
    B(b, 4);
    R(SC(sendfile, out, in, 0, 0));
    off = 1000;
    R(SC(sendfile, out, in, &off, 10));
    off = -1;
    R(SC(sendfile, out, in, &off, 10));
    R(SC(sendfile, out, in, BAD, 10));
    R(SC(sendfile, in, out, 0, 10));
    R(SC(sendfile, 99, in, 0, 10));
    R(SC(sendfile, out, 99, 0, 10));
    R(SC(sendfile, out, p[0], &off, 10));
    int ap = open("dst", O_WRONLY | O_APPEND);
    R(SC(sendfile, ap, in, 0, 2));
    // copy_file_range
    off_t a = 2, z = 0;
    int o2 = open("dst2", O_RDWR | O_CREAT, 0644);
    R(SC(copy_file_range, in, &a, o2, &z, 5, 0));
    say("offsets %ld %ld", (long)a, (long)z);
    lseek(in, 0, SEEK_SET);
    lseek(o2, 5, SEEK_SET);
    R(SC(copy_file_range, in, 0, o2, 0, 3, 0));
    R(get_file("dst2", b, 64));
    B(b, 8);
    R(SC(copy_file_range, in, 0, o2, 0, 3, 1));
    R(SC(copy_file_range, in, 0, p[1], 0, 3, 0));
    R(SC(copy_file_range, 99, 0, o2, 0, 3, 0));
    R(SC(copy_file_range, o2, 0, in, 0, 3, 0));
    R(SC(copy_file_range, in, 0, ap, 0, 3, 0));
    a = 0, z = 2;
    R(SC(copy_file_range, o2, &a, o2, &z, 5, 0)); // overlapping
    int d = open(".", O_RDONLY);
    R(SC(copy_file_range, d, 0, o2, 0, 3, 0));
    // splice and tee
    a = 3;
    R(SC(splice, in, &a, p[1], 0, 6, 0));
    V(a);
    R(SC(tee, p[0], q[1], 4, 0));
    R(read(q[0], b, 64));
    B(b, 4);
    z = 1;
    lseek(o2, 0, SEEK_SET);
    R(SC(splice, p[0], 0, o2, &z, 100, 0));
    R(pread(o2, b, 64, 0));
    B(b, 8);
    R(SC(splice, in, 0, o2, 0, 3, 0));
    R(SC(splice, p[0], &z, q[1], 0, 3, 0));
    R(SC(splice, p[0], 0, q[1], 0, 3, 2)); // SPLICE_F_NONBLOCK
    R(SC(splice, p[0], 0, q[1], 0, 3, 0x100));
    R(SC(splice, 99, 0, q[1], 0, 3, 0));
    R(SC(tee, in, q[1], 3, 0));
    R(SC(tee, p[0], p[1], 3, 0));
    INTR(SC(splice, p[0], 0, q[1], 0, 3, 0));
}
