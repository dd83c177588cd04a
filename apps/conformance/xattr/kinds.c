// SPDX-License-Identifier: MPL-2.0
// trusted., security. and how many attributes a file system takes.
// Covers: setxattr getxattr listxattr removexattr
#include "../conf.h"
#include <sys/mount.h>
#include <sys/vfs.h>
static char b[4096], big[20000];
static void names(void)
{
    long n = SC(listxattr, "f", b, sizeof b);
    say("names: %ld", n);
    if (n > 0)
        B(b, n);
}
static void stranger(void)
{
    names();
    R(SC(setxattr, "f", "trusted.x", "1", 1, 0)), R(SC(getxattr, "f", "trusted.a", b, 10)), R(SC(removexattr, "f", "trusted.a"));
    R(SC(setxattr, "f", "security.x", "1", 1, 0)), R(SC(getxattr, "f", "security.a", b, 10)), R(SC(getxattr, "f", "security.none", b, 10)), R(SC(removexattr, "f", "security.a"));
    R(SC(getxattr, "private", "security.a", b, 10)), R(SC(getxattr, "private", "trusted.a", b, 10)), R(SC(getxattr, "private", "user.a", b, 10)), R(SC(getxattr, "private", "other.a", b, 10));
    R(SC(setxattr, "f", "security.capability", "1", 1, 0)), R(SC(removexattr, "f", "security.capability"));
    R(SC(setxattr, "f", "trusted.", "1", 1, 0)), R(SC(setxattr, "f", "security.", "1", 1, 0)), R(SC(setxattr, "f", "other.x", "1", 1, 0));
    R(SC(setxattr, "private", "user.x", "1", 1, 0)), R(SC(setxattr, "private", "system.x", "1", 1, 0)), R(SC(getxattr, "private", "system.x", b, 1));
}
static void files(const char *when)
{
    struct statfs s;
    statfs(".", &s), say("%s: %ld of %ld free", when, (long)s.f_ffree, (long)s.f_files);
}
static void test(void)
{
    mkdir("t", 0777), mount("t", "t", "tmpfs", 0, "mode=777,nr_inodes=20"), chdir("t");
    put_file("f", "x", 0666), chmod("f", 0666), put_file("private", "x", 0600);
    R(SC(setxattr, "f", "trusted.a", "1", 1, 0)), R(SC(setxattr, "f", "security.a", "22", 2, 0)), R(SC(setxattr, "f", "user.z", "1", 1, 0)), R(SC(setxattr, "f", "user.a", "1", 1, 0));
    names();
    R(SC(getxattr, "f", "trusted.a", b, 10)), R(SC(getxattr, "f", "security.a", b, 10));
    as_user(1000, stranger);
    R(SC(removexattr, "f", "trusted.a")), R(SC(removexattr, "f", "security.a")), R(SC(removexattr, "f", "security.a"));
    names();
    // Attributes take room from inodes.
    memset(big, 'x', sizeof big);
    files("before"), R(SC(setxattr, "f", "user.big", big, 10000, 0)), files("10000 more");
    R(SC(setxattr, "f", "user.big2", big, 10000, 0)), files("refused"), R(SC(setxattr, "f", "user.big", big, 10000, 0)), R(SC(setxattr, "f", "user.big", big, 5000, 0)), files("5000"), R(SC(setxattr, "f", "user.big", big, 10000, 1)), files("exists");
    for (int i = 0; i < 20; i++) {
        char n[20];
        sprintf(n, "n%d", i);
        if (put_file(n, "", 0644)) {
            say("file %d: %s", i, ename(errno));
            break;
        }
    }
    R(SC(removexattr, "f", "user.big")), files("removed"), R(put_file("more", "", 0644)), unlink("f"), files("unlinked");
    R(mount(0, ".", 0, MS_REMOUNT, "nr_inodes=1")), R(mount(0, ".", 0, MS_REMOUNT, "nr_inodes=100")), files("remounted");
    chdir(".."), umount2("t", MNT_DETACH);
}
