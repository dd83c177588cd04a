// SPDX-License-Identifier: MPL-2.0
// readv, writev, preadv, pwritev (and the v2 forms): scatter, gather, limits and faults in the middle.
// Covers: readv writev preadv pwritev preadv2 pwritev2
#include "../conf.h"
#include <sys/uio.h>
static void test(void)
{
    char a[8] = "", b[8] = "", c[8] = "";
    int fd = open("f", O_RDWR | O_CREAT, 0644), p[2];
    pipe(p);
    struct iovec w[3] = {{"one", 3}, {"", 0}, {"three", 5}};
    R(SC(writev, fd, w, 3));
    R(lseek(fd, 0, SEEK_SET));
    struct iovec r[3] = {{a, 2}, {b, 4}, {c, 8}};
    R(SC(readv, fd, r, 3));
    B(a, 3), B(b, 5), B(c, 3);
    R(SC(readv, fd, r, 3));
    R(SC(readv, fd, r, 0));
    R(SC(readv, fd, r, -1));
    R(SC(readv, fd, r, 1025));
    R(SC(writev, fd, BAD, 1));
    R(SC(writev, fd, BAD, 0));
    R(SC(writev, 99, w, 3));
    R(SC(writev, 99, BAD, 3));
    struct iovec big[2] = {{a, 4}, {b, (size_t)-1}};
    R(SC(writev, fd, big, 2));
    struct iovec sum[2] = {{a, 0x7fffffffffffffffl}, {b, 0x7fffffffffffffffl}};
    R(SC(readv, p[0], big, 2));
    (void)sum;
    // A bad second buffer: what came before it is transferred.
    struct iovec half[2] = {{"good", 4}, {BAD, 4}};
    R(SC(writev, p[1], half, 2));
    struct iovec bad1[1] = {{BAD, 4}};
    R(SC(writev, fd, bad1, 1));
    R(SC(writev, p[1], bad1, 1));
    write(p[1], "pipe data", 9);
    R(SC(readv, p[0], r, 3));
    B(a, 2), B(b, 4), B(c, 8);
    // At an offset
    R(SC(pwritev, fd, w, 3, 20l, 0));
    R(SC(preadv, fd, r, 3, 19l, 0));
    B(a, 2), B(b, 4), B(c, 3);
    R(lseek(fd, 0, SEEK_CUR));
    R(SC(preadv, fd, r, 3, -1l, 0));
    R(SC(pwritev, fd, w, 3, -5l, 0));
    R(SC(preadv, p[0], r, 3, 0l, 0));
    R(SC(pwritev, p[1], w, 3, 0l, 0));
    // The v2 forms: offset -1 means the current one; flags are checked.
    lseek(fd, 1, SEEK_SET);
    R(SC(preadv2, fd, r, 1, -1l, 0, 0));
    B(a, 2);
    R(lseek(fd, 0, SEEK_CUR));
    R(SC(preadv2, fd, r, 1, 0l, 0, 0x8000));
    R(SC(pwritev2, fd, w, 1, 0l, 0, 0x10)); // RWF_APPEND
    struct stat st;
    fstat(fd, &st), V(st.st_size);
    R(SC(pwritev2, fd, w, 1, 0l, 0, 0x8000)), R(SC(pwritev2, fd, w, 1, -2l, 0, 0)), R(SC(pwritev2, fd, w, -1, 0l, 0, 0)), R(SC(pwritev2, p[1], w, 1, 0l, 0, 0)), R(SC(pwritev2, 99, w, 1, 0l, 0, 0));
    R(SC(pwritev2, fd, w, 0, 0l, 0, 0)), R(SC(pwritev2, fd, BAD, 1, 0l, 0, 0));
    // One writev to a pipe is one piece: 1024 vectors at most.
    static struct iovec many[1024];
    for (int i = 0; i < 1024; i++)
        many[i] = (struct iovec){"m", 1};
    R(SC(writev, p[1], many, 1024));
    static char all[2000];
    R(read(p[0], all, 2000));
}
