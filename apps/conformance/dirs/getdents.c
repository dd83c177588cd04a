// SPDX-License-Identifier: MPL-2.0
// getdents64: what a directory lists, small buffers, changes while reading, seeking in directories.
// Covers: getdents64
#include "../conf.h"
#include <dirent.h>
#undef getdents64
struct entry { uint64_t ino; int64_t off; unsigned short reclen; unsigned char type; char name[]; };
static int compare(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }
static void list(const char *what, int fd, int size)
{
    char buf[4096] __attribute__((aligned(8))), *names[300];
    int n = 0, calls = 0;
    long r;
    while ((r = SC(getdents64, fd, buf, size)) > 0) {
        calls++;
        for (long o = 0; o < r; o += ((struct entry *)(buf + o))->reclen) {
            struct entry *e = (struct entry *)(buf + o);
            char t[300];
            snprintf(t, sizeof t, "%s:%d%s%s", e->name, e->type, e->reclen % 8 ? " unaligned" : "", e->ino ? "" : " no inode");
            names[n++] = strdup(t);
        }
    }
    if (r < 0)
        say("%s: %s", what, ename(errno));
    qsort(names, n, sizeof *names, compare);
    char all[8000] = "";
    for (int i = 0; i < n && i < 12; i++)
        strcat(strcat(all, " "), names[i]);
    say("%s: %d entries, more than one call %d:%s", what, n, calls > 1, all);
}
static void test(void)
{
    mkdir("d", 0755);
    int fd = open("d", O_RDONLY | O_DIRECTORY);
    list("empty", fd, 4096);
    list("at the end", fd, 4096);
    mkdir("d/sub", 0755), put_file("d/file", "", 0644), symlink("x", "d/link"), mkfifo("d/fifo", 0644);
    mknod("d/null", S_IFCHR | 0600, 0x103), mknod("d/blk", S_IFBLK | 0600, 0x700);
    lseek(fd, 0, SEEK_SET);
    list("kinds", fd, 4096);
    lseek(fd, 0, SEEK_SET);
    list("small buffer", fd, 48);
    lseek(fd, 0, SEEK_SET);
    char b[64];
    R(SC(getdents64, fd, b, 10));
    R(SC(getdents64, fd, b, 0));
    R(SC(getdents64, fd, BAD, 100));
    R(SC(getdents64, 99, b, 64));
    R(SC(getdents64, open("d/file", O_RDONLY), b, 64));
    R(SC(getdents64, open("d", O_PATH), b, 64));
    unlink("d/file");
    lseek(fd, 0, SEEK_SET);
    list("after unlink", fd, 4096);
    // Many entries; every second one is removed while reading, none is seen twice.
    mkdir("m", 0755);
    char name[300];
    for (int i = 0; i < 200; i++)
        sprintf(name, "m/file%03d", i), close(open(name, O_CREAT | O_WRONLY, 0644));
    DIR *dir = opendir("m");
    struct dirent *e;
    int seen[200] = {0}, total = 0, twice = 0;
    long pos[200];
    while ((e = readdir(dir))) {
        if (e->d_name[0] == '.')
            continue;
        int i = atoi(e->d_name + 4);
        twice += seen[i]++;
        pos[total] = e->d_off;
        if (total++ % 2)
            sprintf(name, "m/%s", e->d_name), unlink(name);
    }
    say("seen %d, twice %d", total, twice);
    rewinddir(dir);
    int left = 0;
    while ((e = readdir(dir)))
        left += e->d_name[0] != '.';
    say("left %d", left);
    seekdir(dir, pos[99]);
    int after = 0;
    while ((e = readdir(dir)))
        after += e->d_name[0] != '.';
    say("after the middle %d", after);
    // The inode of an entry is that of the file; "." and ".." are those of the directories.
    struct stat s;
    int same = 1, ok = 0;
    rewinddir(dir);
    while ((e = readdir(dir))) {
        sprintf(name, "m/%s", e->d_name), stat(name, &s);
        same &= s.st_ino == e->d_ino, ok++;
    }
    say("inodes agree: %d (%d entries)", same, ok);
    R(rmdir("m"));
    // A removed directory is empty.
    mkdir("gone", 0755);
    int g = open("gone", O_RDONLY);
    rmdir("gone");
    list("removed", g, 4096);
}
