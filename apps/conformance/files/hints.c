// SPDX-License-Identifier: MPL-2.0
// Calls about pages that are there: sync_file_range, readahead, cachestat, posix_fadvise.
// Covers: sync_file_range readahead cachestat fadvise64
#include "../conf.h"
#include <sys/mount.h>
#ifndef SYS_cachestat
#define SYS_cachestat 451
#endif
static int f, r, w, o, d, p[2], ev;
static void stat_of(int fd, unsigned long offset, unsigned long length)
{
    unsigned long range[2] = {offset, length}, s[5] = {9, 9, 9, 9, 9};
    long n = SC(cachestat, fd, range, s, 0);
    say("%ld+%ld: %s cached %ld dirty %ld writeback %ld evicted %ld recently %ld", (long)offset, (long)length, n ? ename(errno) : "ok", s[0], s[1], s[2], s[3], s[4]);
}
static void test(void)
{
    static char b[4096 * 3];
    mkdir("t", 0755), mount("t", "t", "tmpfs", 0, 0), chdir("t");
    f = open("f", O_RDWR | O_CREAT, 0644), r = open("f", O_RDONLY), w = open("f", O_WRONLY), o = open("f", O_PATH), d = open(".", O_RDONLY), pipe(p), ev = SC(eventfd2, 0, 0);
    write(f, b, sizeof b), pwrite(f, b, 1, 10 * PAGE);
    for (int *i = (int[]){f, r, w, o, d, p[0], ev, -1}; ; i++) {
        R(SC(sync_file_range, *i, 0, 0, 0)), R(SC(sync_file_range, *i, 0, 100, 7)), R(SC(readahead, *i, 0, 100)), R(SC(fadvise64, *i, 0, 0, 0));
        if (*i == -1)
            break;
    }
    R(SC(sync_file_range, f, 0, 0, 8)), R(SC(sync_file_range, f, -1, 0, 0)), R(SC(sync_file_range, f, 0, -1, 0)), R(SC(sync_file_range, f, INT64_MAX, 1, 0)), R(SC(sync_file_range, f, INT64_MAX, 0, 0)), R(SC(sync_file_range, p[0], -1, 0, 0));
    R(SC(readahead, f, -1, 10)), R(SC(readahead, f, 0, 0)), R(SC(readahead, f, 1 << 30, 10));
    for (int a = -1; a < 8; a++)
        RT("advice", SC(fadvise64, f, 0, 10, a));
    R(SC(fadvise64, f, 0, -1, 0)), R(SC(fadvise64, f, -5, 0, 0)), R(SC(fadvise64, d, 0, 0, 3));
    stat_of(f, 0, 0), stat_of(f, 0, 1), stat_of(f, 4095, 2), stat_of(f, 3 * PAGE, PAGE), stat_of(f, 9 * PAGE, 100 * PAGE), stat_of(f, 100 * PAGE, 0), stat_of(f, -1, 0), stat_of(f, PAGE, -1);
    stat_of(r, 0, 0), stat_of(-1, 0, 0);
    unsigned long range[2] = {0, 0}, s[5];
    R(SC(cachestat, f, range, s, 1)), R(SC(cachestat, f, BAD, s, 0)), R(SC(cachestat, f, BAD, s, 1)), R(SC(cachestat, f, range, BAD, 0)), R(SC(cachestat, o, range, s, 0));
    fallocate(f, 3, 0, PAGE), stat_of(f, 0, 0), ftruncate(f, PAGE), stat_of(f, 0, 0);
    chdir(".."), umount2("t", MNT_DETACH);
}
