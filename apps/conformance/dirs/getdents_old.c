// SPDX-License-Identifier: MPL-2.0
// The old getdents: its records, sizes that are too small, errors.
// Covers: getdents
#include "../conf.h"
struct old { unsigned long ino, off; unsigned short len; char name[]; };
static void test(void)
{
    char b[4096] __attribute__((aligned(8))), name[300] = "d/";
    mkdir("d", 0755), put_file("d/file", "", 0644), mkdir("d/directory", 0755), symlink("x", "d/link"), mkfifo("d/p", 0600);
    memset(name + 2, 'n', 200), put_file(name, "", 0644);
    int d = open("d", O_RDONLY), seen[5] = {0};
    long n = SC(getdents, d, b, sizeof b);
    say("some: %d", n > 0);
    const char *names[] = {".", "..", "file", "directory", "link"};
    for (char *p = b; p < b + n;) {
        struct old *o = (void *)p;
        struct stat s;
        fstatat(d, o->name, &s, AT_SYMLINK_NOFOLLOW);
        say("entry: type right %d inode right %d length right %d", p[o->len - 1] == (char)(s.st_mode >> 12), o->ino == s.st_ino || !strcmp(o->name, ".."), o->len == ((18 + strlen(o->name) + 2 + 7) & ~7ul));
        for (unsigned i = 0; i < 5; i++)
            seen[i] += !strcmp(o->name, names[i]);
        p += o->len;
    }
    for (int i = 0; i < 5; i++)
        say("%s %d", names[i], seen[i]);
    R(SC(getdents, d, b, sizeof b));
    lseek(d, 0, SEEK_SET), R(SC(getdents, d, b, 23)), R(SC(getdents, d, b, 24)), R(SC(getdents, d, b, 0)), R(SC(getdents, d, b, 24));
    int total = 0;
    lseek(d, 0, SEEK_SET);
    while ((n = SC(getdents, d, b, 232)) > 0)
        for (char *p = b; p < b + n; p += ((struct old *)p)->len)
            total++;
    V(total), V(n);
    lseek(d, 0, SEEK_SET), R(SC(getdents, d, BAD, 100)), R(SC(getdents, -1, b, 100)), R(SC(getdents, 0, b, 100)), R(SC(getdents, open("d", O_PATH), b, 100));
    rmdir("d/directory"), chdir("d"), mkdir("e", 0755);
    int e = open("e", O_RDONLY);
    rmdir("e"), R(SC(getdents, e, b, 100));
}
