// SPDX-License-Identifier: MPL-2.0
// fallocate: every mode on every kind of file, sizes, holes, no room.
// Covers: fallocate ftruncate
#include "../conf.h"
#include <sys/mount.h>
#include <sys/resource.h>
static int f;
static void show(void)
{
    struct stat s;
    fstat(f, &s);
    say("size %ld blocks %ld", (long)s.st_size, (long)s.st_blocks);
}
#define FA(fd, mode, off, len) R(SC(fallocate, fd, mode, off, len))
static void test(void)
{
    mkdir("t", 0755), mount("t", "t", "tmpfs", 0, "size=64k"), chdir("t");
    f = open("f", O_RDWR | O_CREAT, 0644);
    int r = open("f", O_RDONLY), o = open("f", O_PATH), d = open(".", O_RDONLY), p[2], e = SC(eventfd2, 0, 0), n = open("/dev/null", O_RDWR);
    pipe(p);
    static const int kinds[] = {0, 1, 2, 3, 4, 5, 8, 9, 10, 16, 17, 18, 32, 33, 34, 64, 65, 66, 128, 129, 0x7f};
    struct { const char *name; int fd; } fds[] = {{"file", f}, {"read", r}, {"path", o}, {"dir", d}, {"pipe read", p[0]}, {"pipe", p[1]}, {"eventfd", e}, {"null", n}, {"closed", -1}};
    for (unsigned k = 0; k < ARRAY(fds); k++) {
        char line[400];
        int at = sprintf(line, "%s:", fds[k].name);
        for (unsigned i = 0; i < ARRAY(kinds); i++)
            at += sprintf(line + at, " %#x=%s", kinds[i], SC(fallocate, fds[k].fd, kinds[i], 0, 4096) ? ename(errno) : "ok");
        say("%s", line);
    }
    FA(f, 0, -1, 1), FA(f, 0, 0, 0), FA(f, 0, 0, -1), FA(f, 0, INT64_MAX, 1), FA(f, 0, INT64_MAX - 1, 1), FA(f, 99, -1, 1), FA(r, 0, -1, 1), FA(-1, 0, -1, 1), FA(d, 0, INT64_MAX, 5), FA(f, 3, INT64_MAX, 1);
    ftruncate(f, 0), show(), FA(f, 0, 5000, 10), show(), FA(f, 1, 20000, 10), show(), FA(f, 0, 100, 1), show();
    FA(f, 3, 0, 100), show(), FA(f, 3, 0, 4096), show(), FA(f, 3, 4000, 2000), show(), pwrite(f, "xyz", 3, 4095), show(), FA(f, 3, 4096, 1), show();
    char b[4] = "";
    R(pread(f, b, 3, 4095)), B(b, 3), FA(f, 3, 0, 1 << 30), show(), FA(f, 3, 1 << 30, 10), show();
    // No room: all or nothing
    FA(f, 0, 0, 65537), show(), FA(f, 0, 0, 65536), show(), FA(f, 0, 65536, 1), show(), FA(f, 3, 8192, 4096), show(), FA(f, 0, 0, 65536), show();
    ftruncate(f, 10000), show(), ftruncate(f, 30000), show(), ftruncate(f, 0), show();
    struct rlimit l = {8192, RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN), setrlimit(RLIMIT_FSIZE, &l), FA(f, 0, 0, 8193), FA(f, 0, 0, 8192), FA(f, 1, 8192, 1), show();
    close(f), close(r), close(o), close(d), chdir(".."), umount2("t", MNT_DETACH);
}
