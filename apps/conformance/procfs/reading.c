// SPDX-License-Identifier: MPL-2.0
// How files of /proc are read: by pieces, at offsets, twice, while things change; poll and stat of them.
// Covers: read lseek pread64 fstat
#include "../conf.h"
#include <dirent.h>
#include <poll.h>
static char a[65536], b[65536];
static void test(void)
{
    const char *files[] = {"/proc/cpuinfo", "/proc/version", "/proc/filesystems", "/proc/self/limits", "/proc/self/maps", "/proc/self/comm", "/proc/mounts"};
    for (size_t i = 0; i < ARRAY(files); i++) {
        int fd = open(files[i], O_RDONLY);
        long n = 0, r, total = get_file(files[i], a, sizeof a);
        while ((r = read(fd, b + n, 7)) > 0)
            n += r;
        say("%s: by sevens the same %d", files[i], n == total && !memcmp(a, b, n));
        R(lseek(fd, 0, SEEK_SET)), R(read(fd, b, 5) == 5 && !memcmp(a, b, 5));
        R(pread(fd, b, 5, 3) == 5 && !memcmp(a + 3, b, 5)), R(lseek(fd, 0, SEEK_CUR));
        R(lseek(fd, 100000, SEEK_SET)), R(read(fd, b, 5)), R(lseek(fd, 0, SEEK_END) >= -1), R(pread(fd, b, 5, -1)), R(read(fd, BAD, 0));
        struct stat s;
        fstat(fd, &s), say("mode %o size %ld blocks %ld", s.st_mode, (long)s.st_size, (long)s.st_blocks);
        close(fd);
    }
    int fd = open("/proc/self/comm", O_RDWR);
    R(pread(fd, BAD, 5, 0)), R(write(fd, "new name", 8)), R(pread(fd, b, 20, 0)), B(b, 9);
    R(write(fd, BAD, 5)), R(ftruncate(fd, 0));
    // A descriptor of another process's file, after it is gone
    pid_t c;
    struct gate g = gate_make();
    CHILD(c) { gate_wait(g); }
    sprintf(b, "/proc/%d/stat", c);
    int st = open(b, O_RDONLY);
    R(read(st, a, 3) == 3), gate_open(g), waitpid(c, 0, 0), R(lseek(st, 0, SEEK_SET)), R(read(st, a, 100));
    sprintf(b, "/proc/%d/cmdline", getpid()), st = open(b, O_RDONLY);
    // The folder: processes by rising number, each once; "." and ".." first
    DIR *d = opendir("/proc");
    struct dirent *e;
    int last = 0, order = 1, me = 0, one = 0, dots = 0, i = 0;
    while ((e = readdir(d))) {
        int p = atoi(e->d_name);
        dots += i < 2 && e->d_name[0] == '.', i++;
        if (p)
            order &= p > last, last = p, me += p == getpid(), one += p == 1;
    }
    say("dots first %d, rising %d, we %d, process 1 %d", dots, order, me, one);
    struct stat s1, s2;
    stat("/proc/self", &s1), sprintf(b, "/proc/%d", getpid()), stat(b, &s2), say("same folder %d", s1.st_ino == s2.st_ino);
    R(access("/proc/self/stat", W_OK)), R(access("/proc/self/mem", F_OK)), R(chmod("/proc/self/stat", 0777));
    struct pollfd p = {open("/proc/uptime", O_RDONLY), POLLIN | POLLOUT, 0};
    R(poll(&p, 1, 0)), V(!!(p.revents & POLLIN));
}
