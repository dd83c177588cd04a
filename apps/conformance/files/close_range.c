// SPDX-License-Identifier: MPL-2.0
// close_range: what it closes, marks and unshares; and posix_fadvise, which only checks its arguments.
// Covers: close_range fadvise64
#include "../conf.h"
#include <pthread.h>
#ifndef CLOSE_RANGE_UNSHARE
#define CLOSE_RANGE_UNSHARE 2
#define CLOSE_RANGE_CLOEXEC 4
#endif
static void open_ones(const char *what)
{
    char b[100] = "";
    for (int i = 10; i < 20; i++)
        if (fcntl(i, F_GETFD) >= 0)
            sprintf(b + strlen(b), " %d%s", i, fcntl(i, F_GETFD) ? "c" : "");
    say("%s:%s", what, b);
}
static void fill(void)
{
    for (int i = 10; i < 20; i++)
        dup2(1, i);
}
static void *unshares(void *a)
{
    R(SC(close_range, 12, 14, CLOSE_RANGE_UNSHARE));
    open_ones("the thread");
    return a;
}
static void test(void)
{
    fill();
    R(SC(close_range, 12, 14, 0)), open_ones("12 to 14 closed");
    R(SC(close_range, 12, 14, 0));
    R(SC(close_range, 16, 17, CLOSE_RANGE_CLOEXEC)), open_ones("16 and 17 marked");
    R(SC(close_range, 18, ~0u, 0)), open_ones("18 and above closed");
    R(SC(close_range, 14, 13, 0)), R(SC(close_range, 10, 11, 1)), R(SC(close_range, 10, 11, 8)), R(SC(close_range, 1000000, ~0u, 0));
    open_ones("errors change nothing");
    // Record locks end with a closed descriptor here, too.
    int a = open("f", O_RDWR | O_CREAT, 0644), b = dup2(a, 15);
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    R(fcntl(a, F_SETLK, &l)), R(SC(close_range, b, b, 0));
    pid_t p;
    CHILD(p) { R(fcntl(a, F_SETLK, &l)); }
    waitpid(p, 0, 0);
    fill();
    pthread_t t;
    pthread_create(&t, 0, unshares, 0), pthread_join(t, 0);
    open_ones("the others");
    // Advice
    int q[2];
    pipe(q);
    R(SC(fadvise64, a, 0, 0, POSIX_FADV_SEQUENTIAL)), R(SC(fadvise64, a, 100, 10, POSIX_FADV_DONTNEED)), R(SC(fadvise64, a, 0, -1, POSIX_FADV_NORMAL));
    R(SC(fadvise64, a, 0, 0, 9)), R(SC(fadvise64, q[0], 0, 0, POSIX_FADV_NORMAL)), R(SC(fadvise64, 99, 0, 0, POSIX_FADV_NORMAL));
    R(SC(fadvise64, open("f", O_PATH), 0, 0, POSIX_FADV_NORMAL));
}
