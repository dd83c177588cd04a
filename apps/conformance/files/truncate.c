// SPDX-License-Identifier: MPL-2.0
// truncate, ftruncate, O_APPEND: sizes, holes of zeros, errors in order, RLIMIT_FSIZE with SIGXFSZ.
// Covers: truncate ftruncate
#include "../conf.h"
#include <sys/resource.h>
static void test(void)
{
    char b[32];
    struct stat st;
    put_file("f", "0123456789", 0644);
    R(SC(truncate, "f", 4));
    R(get_file("f", b, 32));
    R(SC(truncate, "f", 8));
    R(get_file("f", b, 32));
    B(b, 8);
    R(SC(truncate, "f", -1));
    R(SC(truncate, "none", -1));
    R(SC(truncate, "none", 0));
    R(SC(truncate, ".", 0));
    R(SC(truncate, "f/x", 0));
    R(SC(truncate, "", 0));
    R(SC(truncate, BAD, 0));
    R(SC(truncate, "/dev/null", 0));
    mkfifo("fifo", 0644);
    R(SC(truncate, "fifo", 0));
    symlink("f", "s");
    R(SC(truncate, "s", 2));
    stat("f", &st), V(st.st_size);
    int rw = open("f", O_RDWR), ro = open("f", O_RDONLY), d = open(".", O_RDONLY), p[2];
    pipe(p);
    R(SC(ftruncate, rw, 100000));
    fstat(rw, &st), V(st.st_size);
    R(pread(rw, b, 32, 99990));
    V(b[0] | b[9]);
    R(SC(ftruncate, ro, 0));
    R(SC(ftruncate, ro, -1));
    R(SC(ftruncate, d, 0));
    R(SC(ftruncate, p[1], 0));
    R(SC(ftruncate, 99, 0));
    R(SC(ftruncate, 99, -1));
    R(SC(ftruncate, rw, 3));
    R(lseek(rw, 0, SEEK_CUR));
    // The tail of the last page was cleared.
    R(SC(ftruncate, rw, 6));
    R(pread(rw, b, 32, 0));
    B(b, 6);
    // O_APPEND: each write goes to the end.
    int a1 = open("ap", O_RDWR | O_CREAT | O_APPEND, 0644), a2 = open("ap", O_WRONLY | O_APPEND);
    R(write(a1, "aa", 2));
    R(write(a2, "bbb", 3));
    R(lseek(a1, 0, SEEK_SET));
    R(write(a1, "c", 1));
    R(lseek(a1, 0, SEEK_CUR));
    R(get_file("ap", b, 32));
    B(b, 6);
    // The size limit
    // (a large one: it holds for standard output too)
    struct rlimit rl = {1 << 20, 1 << 20};
    pid_t c;
    CHILD(c) {
        setrlimit(RLIMIT_FSIZE, &rl);
        signal(SIGXFSZ, SIG_IGN);
        int l = open("lim", O_RDWR | O_CREAT, 0644);
        R(pwrite(l, "12345678", 8, (1 << 20) - 10));
        R(pwrite(l, "12345678", 8, (1 << 20) - 2));
        R(pwrite(l, "1", 1, 1 << 20));
        R(SC(ftruncate, l, (1 << 20) + 1));
        R(SC(ftruncate, l, 1 << 20));
        signal(SIGXFSZ, SIG_DFL);
        pwrite(l, "1", 1, 1 << 20);
    }
    reap("over the limit", c);
}
