// SPDX-License-Identifier: MPL-2.0
// chmod, fchmod, fchmodat, fchmodat2, chown, fchown, lchown, fchownat: who may, which bits go, errors in order.
// Covers: chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat
#include "../conf.h"
static void show(const char *p)
{
    struct stat s;
    if (lstat(p, &s))
        say("%s: %s", p, ename(errno));
    else
        say("%s: %o %d:%d", p, s.st_mode, s.st_uid, s.st_gid);
}
static void other(void)
{
    R(SC(chmod, "roots", 0777));
    R(SC(chown, "roots", 1000, 1000));
    R(SC(chmod, "mine", 0700)), show("mine");
    R(SC(chmod, "mine", 06755)), show("mine");
    R(SC(chmod, "foreign_group", 02755)), show("foreign_group"); // not in the group: the bit is dropped silently
    R(SC(chown, "mine", 1000, 1000)), show("mine");
    R(SC(chown, "mine", 0, -1));
    R(SC(chown, "mine", -1, 5));
    R(SC(chown, "mine", -1, -1));
    R(SC(chmod, "closed/x", 0777));
    R(SC(chmod, "none", 0777));
    int fd = open("roots", O_RDONLY);
    R(SC(fchmod, fd, 0777));
    R(SC(fchown, fd, 1000, 1000));
}
static void test(void)
{
    put_file("f", "", 0644), symlink("f", "s"), mkdir("d", 0755), symlink("none", "dangling"), mkdir("closed", 0700);
    R(SC(chmod, "f", 0)), show("f");
    R(SC(chmod, "f", 07777)), show("f");
    R(SC(chmod, "f", 0177777)), show("f");
    R(SC(chmod, "s", 0600)), show("f"), show("s");
    R(SC(chmod, "d", 01000)), show("d");
    R(SC(chmod, "none", 0644));
    R(SC(chmod, "dangling", 0644));
    R(SC(chmod, "f/x", 0644));
    R(SC(chmod, "", 0644));
    R(SC(chmod, BAD, 0644));
    int fd = open("f", O_RDONLY), o = open("f", O_PATH), d = open("d", O_RDONLY);
    R(SC(fchmod, fd, 0604)), show("f");
    R(SC(fchmod, 99, 0604));
    R(SC(fchmod, o, 0604));
    put_file("d/in", "", 0600);
    R(SC(fchmodat, d, "in", 0640)), show("d/in");
    R(SC(fchmodat, 99, "in", 0640));
    R(SC(fchmodat, fd, "in", 0640));
    R(SC(fchmodat, d, "", 0640));
    symlink("in", "d/link");
    R(syscall(452, d, "in", 0600, 0)), show("d/in"), R(syscall(452, d, "link", 0644, 0)), show("d/in"); // fchmodat2
    R(syscall(452, d, "link", 0644, AT_SYMLINK_NOFOLLOW)), R(syscall(452, d, "", 0711, AT_EMPTY_PATH)), show("d"), R(syscall(452, d, "in", 0600, 1)), R(syscall(452, d, "none", 0600, 0)), R(syscall(452, 99, "in", 0600, 0));
    R(SC(chown, "f", 10, 20)), show("f");
    R(SC(chown, "f", -1, 21)), show("f");
    R(SC(chown, "f", 11, -1)), show("f");
    R(SC(chown, "s", 12, 22)), show("f"), show("s");
    R(SC(lchown, "s", 13, 23)), show("f"), show("s");
    R(SC(lchown, "dangling", 13, 23)), show("dangling");
    R(SC(chown, "dangling", 13, 23));
    R(SC(chown, "none", 1, 1));
    R(SC(chown, "", 1, 1));
    R(SC(chown, BAD, 1, 1));
    R(SC(fchown, fd, 14, 24)), show("f");
    R(SC(fchown, 99, 14, 24));
    R(SC(fchown, o, 14, 24));
    R(SC(fchownat, d, "in", 15, 25, 0)), show("d/in");
    R(SC(fchownat, AT_FDCWD, "s", 16, 26, AT_SYMLINK_NOFOLLOW)), show("s");
    R(SC(fchownat, fd, "", 17, 27, AT_EMPTY_PATH)), show("f");
    R(SC(fchownat, fd, "", 17, 27, 0));
    R(SC(fchownat, AT_FDCWD, "f", 17, 27, 1));
    R(SC(fchownat, 99, "f", 17, 27, 0));
    // chown takes the set-id bits away: S_ISGID only where the group may execute.
    chmod("f", 06755), SC(chown, "f", 1, 1), show("f");
    chmod("f", 02745), SC(chown, "f", 2, 2), show("f");
    chmod("f", 06755), SC(chown, "f", -1, -1), show("f");
    chmod("d", 06755), SC(chown, "d", 3, 3), show("d");
    umask(0), put_file("roots", "", 0644), put_file("mine", "", 0644), chown("mine", 1000, 1000);
    put_file("foreign_group", "", 0644), chown("foreign_group", 1000, 5);
    as_user(1000, other);
}
