// SPDX-License-Identifier: MPL-2.0
// Extended attributes by path, link and descriptor: creating, replacing, sizes, names, errors in their order.
// Covers: setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr
#include "../conf.h"
#include <sys/mount.h>
static char big[70000], b[70000];
static void names(const char *path)
{
    long n = SC(listxattr, path, b, sizeof b);
    say("names of %s: %ld", path, n);
    if (n > 0)
        B(b, n);
}
static void stranger(void)
{
    R(SC(setxattr, "f", "user.x", "1", 1, 0));
    R(SC(getxattr, "f", "user.a", b, 100));
    R(SC(getxattr, "private", "user.a", b, 100));
    R(SC(listxattr, "private", b, 100));
    R(SC(removexattr, "f", "user.a"));
    R(SC(setxattr, "open", "user.x", "1", 1, 0));
    R(SC(removexattr, "open", "user.x"));
    R(SC(setxattr, "sticky", "user.x", "1", 1, 0)); // only the owner of a sticky directory
    R(SC(removexattr, "sticky", "user.s"));
    R(SC(getxattr, "sticky", "user.s", b, 100));
    R(SC(setxattr, "closed/f", "user.x", "1", 1, 0));
    R(SC(listxattr, "closed/f", b, 100));
}
static void test(void)
{
    mkdir("t", 0777), mount("t", "t", "tmpfs", 0, "mode=777"), chdir("t"), chmod(".", 0777);
    put_file("f", "x", 0644), put_file("private", "x", 0600), put_file("open", "x", 0644), chmod("open", 0666), symlink("f", "s"), mkfifo("p", 0666);
    mkdir("d", 0755), mkdir("sticky", 0777), chmod("sticky", 01777), mkdir("closed", 0700), put_file("closed/f", "", 0666);
    int f = open("f", O_RDWR), r = open("f", O_RDONLY), o = open("f", O_PATH), d = open("d", O_RDONLY);
    R(SC(listxattr, "f", 0, 0));
    R(SC(setxattr, "f", "user.a", "one", 3, 0));
    R(SC(getxattr, "f", "user.a", b, 100)), B(b, 3);
    R(SC(getxattr, "f", "user.a", 0, 0));
    R(SC(getxattr, "f", "user.a", b, 2));
    R(SC(getxattr, "f", "user.a", b, 3));
    R(SC(fgetxattr, f, "user.a", b, 100));
    R(SC(fgetxattr, o, "user.a", b, 100)), R(SC(fgetxattr, -1, "user.a", b, 100));
    R(SC(lgetxattr, "s", "user.a", b, 100)), R(SC(getxattr, "s", "user.a", b, 100));
    R(SC(setxattr, "f", "user.a", "two", 3, 1)), R(SC(setxattr, "f", "user.b", "two", 3, 2));
    R(SC(setxattr, "f", "user.b", "two", 3, 3)), R(SC(setxattr, "f", "user.a", "two", 3, 3));
    R(SC(setxattr, "f", "user.b", "two", 3, 1)), R(SC(setxattr, "f", "user.a", "longer", 6, 2));
    R(SC(fsetxattr, r, "user.c", "", 0, 0)), R(SC(fgetxattr, r, "user.c", b, 10)); // a descriptor for reading will do
    R(SC(fsetxattr, o, "user.c", "", 0, 0)), R(SC(fsetxattr, d, "user.d", "1", 1, 0));
    names("f"), names("d"), names("s");
    R(SC(llistxattr, "s", b, 10)), R(SC(flistxattr, f, b, 10)), R(SC(flistxattr, f, 0, 0)), R(SC(flistxattr, o, 0, 0)), R(SC(flistxattr, d, b, 100));
    R(SC(lsetxattr, "s", "user.l", "1", 1, 0)), R(SC(lgetxattr, "s", "user.l", b, 10)), R(SC(lremovexattr, "s", "user.l"));
    R(SC(lsetxattr, "s", "trusted.l", "1", 1, 0)), R(SC(lgetxattr, "s", "trusted.l", b, 10)), R(SC(llistxattr, "s", b, 100)), R(SC(lremovexattr, "s", "trusted.l")), R(SC(lremovexattr, "s", "trusted.l"));
    R(SC(setxattr, "p", "user.l", "1", 1, 0)), R(SC(getxattr, "p", "user.l", b, 10)), R(SC(setxattr, "p", "trusted.l", "1", 1, 0)), names("p");
    // Names
    R(SC(setxattr, "f", "", "1", 1, 0)), R(SC(setxattr, "f", "user.", "1", 1, 0)), R(SC(setxattr, "f", "user", "1", 1, 0)), R(SC(setxattr, "f", "trusted.", "1", 1, 0)), R(SC(setxattr, "f", "security.", "1", 1, 0));
    R(SC(setxattr, "f", "other.x", "1", 1, 0)), R(SC(setxattr, "f", "system.x", "1", 1, 0)), R(SC(setxattr, "f", "User.x", "1", 1, 0)), R(SC(setxattr, "f", "x", "1", 1, 0));
    R(SC(getxattr, "f", "", b, 1)), R(SC(getxattr, "f", "user.", b, 1)), R(SC(getxattr, "f", "other.x", b, 1)), R(SC(getxattr, "f", "user.none", b, 1)), R(SC(getxattr, "f", "system.x", b, 1));
    R(SC(removexattr, "f", "")), R(SC(removexattr, "f", "user.")), R(SC(removexattr, "f", "other.x")), R(SC(removexattr, "f", "user.none")), R(SC(removexattr, "f", "system.x"));
    memcpy(big, "user.", 5), memset(big + 5, 'n', 250);
    R(SC(setxattr, "f", big, "1", 1, 0)), R(SC(getxattr, "f", big, b, 10)), R(SC(removexattr, "f", big));
    big[255] = 'n', R(SC(setxattr, "f", big, "1", 1, 0)), R(SC(getxattr, "f", big, b, 10)), R(SC(removexattr, "f", big));
    // Sizes
    memset(big, 'v', sizeof big);
    R(SC(setxattr, "f", "user.big", big, 65536, 0)), R(SC(setxattr, "f", "user.big", big, 65537, 0)), R(SC(getxattr, "f", "user.big", b, sizeof b)), R(memcmp(b, big, 65536)), R(SC(getxattr, "f", "user.big", b, 65535)), R(SC(getxattr, "f", "user.big", 0, 0));
    R(SC(removexattr, "f", "user.big")), R(SC(fremovexattr, f, "user.c")), R(SC(fremovexattr, r, "user.c")), R(SC(fremovexattr, o, "user.c")), R(SC(fremovexattr, -1, "user.c"));
    // Which error comes first
    R(SC(setxattr, "none", "", "1", 1, 99)), R(SC(setxattr, "none", "user.x", BAD, 1, 0)), R(SC(setxattr, "f", "", BAD, 70000, 4)), R(SC(setxattr, "f", "", BAD, 70000, 0)), R(SC(setxattr, "f", "other.x", BAD, 70000, 0)), R(SC(setxattr, "f", "other.x", BAD, 1, 0));
    R(SC(fsetxattr, -1, "", "1", 1, 99)), R(SC(fsetxattr, -1, "", "1", 1, 0)), R(SC(setxattr, "", "user.x", "1", 1, 0)), R(SC(setxattr, "f/x", "user.x", "1", 1, 0)), R(SC(setxattr, BAD, BAD, "1", 1, 0)), R(SC(setxattr, "f", BAD, "1", 1, 0));
    R(SC(getxattr, "none", "", b, 1)), R(SC(getxattr, "f", BAD, b, 1)), R(SC(getxattr, "f", "user.a", BAD, 100)), R(SC(getxattr, "f", "user.none", BAD, 100)), R(SC(removexattr, "none", "")), R(SC(removexattr, "f", BAD)), R(SC(listxattr, "none", b, 1)), R(SC(listxattr, "f", BAD, 100)), R(SC(listxattr, "f", b, 1));
    R(SC(setxattr, "f", "user.e", 0, 0, 0)), R(SC(setxattr, "f", "user.e", 0, 1, 0)), R(SC(getxattr, "f", "user.e", b, 10));
    // What it changes
    struct stat s, u;
    stat("f", &s), nap(20), R(SC(setxattr, "f", "user.t", "1", 1, 0)), stat("f", &u);
    say("mtime %d ctime %d", s.st_mtim.tv_nsec == u.st_mtim.tv_nsec, s.st_ctim.tv_nsec == u.st_ctim.tv_nsec);
    R(SC(link, "f", "f2")), R(SC(getxattr, "f2", "user.t", b, 10)), R(SC(rename, "f2", "f3")), names("f3");
    SC(setxattr, "sticky", "user.s", "1", 1, 0), as_user(1000, stranger);
    // Other files
    int p[2], e = SC(eventfd2, 0, 0), m = SC(memfd_create, "m", 0);
    pipe(p);
    R(SC(fsetxattr, p[0], "user.x", "1", 1, 0)), R(SC(fgetxattr, p[0], "user.x", b, 1)), R(SC(flistxattr, p[0], b, 100)), R(SC(fsetxattr, p[0], "trusted.x", "1", 1, 0)), R(SC(fremovexattr, p[0], "trusted.x"));
    R(SC(fsetxattr, e, "trusted.x", "1", 1, 0)), R(SC(fgetxattr, e, "trusted.x", b, 1)), R(SC(flistxattr, e, b, 100));
    R(SC(fsetxattr, m, "user.x", "12", 2, 0)), R(SC(fgetxattr, m, "user.x", b, 10)), R(SC(flistxattr, m, b, 100)), R(SC(fremovexattr, m, "user.x"));
    R(SC(setxattr, "/proc/self/stat", "user.x", "1", 1, 0)), R(SC(getxattr, "/proc/self/stat", "user.x", b, 10)), R(SC(listxattr, "/proc/self/stat", b, 10)), R(SC(setxattr, "/proc/version", "trusted.x", "1", 1, 0)), R(SC(removexattr, "/proc/version", "trusted.x"));
    // Where nothing may be written
    R(mount(0, ".", 0, MS_REMOUNT | MS_RDONLY, 0));
    close(f), R(mount(0, ".", 0, MS_REMOUNT | MS_RDONLY, 0));
    R(SC(setxattr, "f", "", BAD, 1, 0)), R(SC(setxattr, "f", "user.a", "1", 1, 0)), R(SC(removexattr, "f", "user.a")), R(SC(getxattr, "f", "user.a", b, 10));
    chdir(".."), close(r), close(o), close(d), umount2("t", MNT_DETACH);
}
