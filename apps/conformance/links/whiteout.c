// SPDX-License-Identifier: MPL-2.0
// renameat2 with RENAME_WHITEOUT: what stays behind, and with which other flags.
// Covers: renameat2
#include "../conf.h"
#include <sys/mount.h>
static void show(const char *p)
{
    struct stat s;
    if (lstat(p, &s))
        say("%s: %s", p, ename(errno));
    else
        say("%s: mode %o links %d device %ld uid %d gid %d size %ld", p, s.st_mode, (int)s.st_nlink, (long)s.st_rdev, s.st_uid, s.st_gid, S_ISDIR(s.st_mode) ? 0 : (long)s.st_size);
}
#define REN(a, b, f) R(SC(renameat2, AT_FDCWD, a, AT_FDCWD, b, f))
static void stranger(void)
{
    REN("mine/a", "mine/b", 4), show("mine/a"), show("mine/b");
    R(open("mine/a", O_RDONLY)), R(unlink("mine/a"));
    REN("a", "z", 4);
}
static void test(void)
{
    mkdir("t", 0777), mount("t", "t", "tmpfs", 0, "mode=755,nr_inodes=12"), chdir("t"), umask(0);
    put_file("a", "a", 0644), put_file("b", "bb", 0600), mkdir("d", 0755), mkdir("d/e", 0755), mkdir("mine", 0777), chown("mine", 1000, 1000), put_file("mine/a", "", 0644), chown("mine/a", 1000, 1000);
    REN("a", "b", 6), REN("a", "b", 8), REN("a", "b", 7), REN("a", "b", 5);
    REN("a", "c", 5), show("a"), show("c"), R(access("a", F_OK)), R(open("a", O_RDONLY)), REN("none", "x", 4);
    REN("c", "b", 4), show("c"), show("b"), REN("d/e", "d/f", 4), show("d/e"), show("d/f"), R(rmdir("d/f")), R(rmdir("d")), R(unlink("d/e"));
    REN("b", "d/b", 4), show("b"), show("d/b"), REN("d/b", "d/b", 4), show("d/b"), link("d/b", "d/b2"), REN("d/b", "d/b2", 4), show("d/b");
    REN("a", "a2", 0), show("a2"), R(mknod("a", S_IFCHR, 0)), show("a"), REN("d", "d/x", 4), as_user(1000, stranger);
    // No room for it: nothing happens.
    for (int i = 0; i < 20; i++) {
        char n[20];
        sprintf(n, "n%d", i);
        if (put_file(n, "", 0644))
            break;
    }
    REN("n0", "m0", 4), show("n0"), show("m0"), unlink("n1"), REN("n0", "m0", 4), show("n0"), show("m0");
    chdir(".."), umount2("t", MNT_DETACH);
}
