// SPDX-License-Identifier: MPL-2.0
// Access control lists as attributes: their form, what they allow, how mode bits follow them and they the mode bits, inheritance.
// Covers: setxattr getxattr listxattr removexattr
#include "../conf.h"
#include <sys/mount.h>
#define ACC "system.posix_acl_access"
#define DEF "system.posix_acl_default"
struct entry { unsigned short tag, perm; unsigned id; };
struct acl { unsigned version; struct entry e[12]; };
enum { UO = 1, U = 2, GO = 4, G = 8, M = 16, O = 32 };
static long put(const char *path, const char *name, int n, const struct entry *e)
{
    struct acl a = {2, {{0}}};
    memcpy(a.e, e, n * sizeof *e);
    return SC(setxattr, path, name, &a, 4 + 8 * n, 0);
}
#define ACL(path, name, ...) ({ struct entry e_[] = {__VA_ARGS__}; RT(#path " " #name " " #__VA_ARGS__, put(path, name, ARRAY(e_), e_)); })
static void show(const char *path, const char *name)
{
    struct acl a;
    struct stat s;
    char line[400];
    long n = SC(getxattr, path, name, &a, sizeof a);
    stat(path, &s);
    int k = sprintf(line, "%s %s mode %o: ", path, name + 17, s.st_mode & 07777);
    if (n < 0)
        k += sprintf(line + k, "%s", ename(errno));
    for (long i = 0; i < (n - 4) / 8; i++)
        k += sprintf(line + k, " %d:%d:%d", a.e[i].tag, a.e[i].perm, (int)a.e[i].id);
    say("%s", line);
}
static void stranger(void)
{
    for (const char **p = (const char *[]){"f", "g", "h", "d/x", 0}; *p; p++)
        say("%s: read %d write %d execute %d", *p, access(*p, R_OK), access(*p, W_OK), access(*p, X_OK));
    ACL("f", ACC, {UO, 7, 0}, {GO, 7, 0}, {O, 7, 0});
    R(SC(removexattr, "f", ACC));
    show("f", ACC);
}
static void owner(void)
{
    R(open("mine", O_CREAT | O_RDWR, 0640) >= 0);
    ACL("mine", ACC, {UO, 6, 0}, {U, 4, 7}, {GO, 4, 0}, {M, 4, 0}, {O, 0, 0}), show("mine", ACC);
}
static void test(void)
{
    char b[200];
    umask(022);
    mkdir("t", 0777), mount("t", "t", "tmpfs", 0, "mode=777"), chdir("t");
    put_file("f", "x", 0640), put_file("g", "x", 0640), put_file("h", "x", 0604), mkdir("d", 0755), symlink("f", "s"), chown("h", 0, 1000);
    show("f", ACC), show("d", DEF);
    // Form
    R(SC(setxattr, "f", ACC, "", 0, 0)), R(SC(setxattr, "f", ACC, "123", 3, 0)), R(SC(setxattr, "f", ACC, "\2\0\0\0", 4, 0)), R(SC(setxattr, "f", ACC, "\1\0\0\0", 4, 0)), R(SC(setxattr, "f", ACC, "\2\0\0\0\1\0\0", 7, 0)), R(SC(setxattr, "f", ACC, "\2\0\0\0\3\0\0\0\0\0\0\0", 12, 0));
    ACL("f", ACC, {UO, 6, 0}), ACL("f", ACC, {UO, 6, 0}, {GO, 4, 0}), ACL("f", ACC, {GO, 4, 0}, {UO, 6, 0}, {O, 0, 0}), ACL("f", ACC, {UO, 6, 0}, {UO, 6, 0}, {GO, 4, 0}, {O, 0, 0});
    ACL("f", ACC, {UO, 6, 0}, {U, 4, 1000}, {GO, 4, 0}, {O, 0, 0}), ACL("f", ACC, {UO, 8, 0}, {GO, 4, 0}, {O, 0, 0}), ACL("f", ACC, {UO, 6, 0}, {U, 4, -1u}, {GO, 4, 0}, {M, 4, 0}, {O, 0, 0}), ACL("f", ACC, {UO, 6, 0}, {GO, 4, 0}, {M, 4, 0}, {M, 4, 0}, {O, 0, 0});
    // Like mode bits: there is no list then
    ACL("f", ACC, {UO, 7, 0}, {GO, 5, 0}, {O, 4, 0}), show("f", ACC), R(SC(listxattr, "f", b, 200));
    ACL("f", ACC, {UO, 6, 5}, {GO, 0, 0}, {M, 7, 0}, {O, 0, 0}), show("f", ACC), R(SC(listxattr, "f", b, 200)), B(b, 24);
    // Who may what
    ACL("f", ACC, {UO, 6, 0}, {U, 6, 1000}, {GO, 0, 0}, {M, 4, 0}, {O, 0, 0}), show("f", ACC);
    ACL("g", ACC, {UO, 6, 0}, {U, 7, 1001}, {GO, 0, 0}, {G, 3, 1000}, {M, 7, 0}, {O, 4, 0}), show("g", ACC);
    ACL("h", ACC, {UO, 6, 0}, {GO, 1, 0}, {G, 2, 1001}, {M, 7, 0}, {O, 7, 0}), show("h", ACC);
    as_user(1000, stranger), as_user(1001, stranger), as_user(1002, stranger);
    // chmod changes the mask.
    R(chmod("f", 0751)), show("f", ACC), R(chmod("g", 0600)), show("g", ACC), as_user(1000, stranger);
    R(SC(removexattr, "f", ACC)), show("f", ACC), R(SC(removexattr, "f", ACC));
    // Files in a directory with a default list
    ACL("f", DEF, {UO, 6, 0}, {GO, 4, 0}, {O, 0, 0}), R(SC(setxattr, "f", DEF, "", 0, 0)), R(SC(removexattr, "f", DEF));
    ACL("d", DEF, {UO, 7, 0}, {U, 7, 1000}, {GO, 7, 0}, {M, 7, 0}, {O, 7, 0}), show("d", DEF), show("d", ACC);
    put_file("d/x", "", 0666), show("d/x", ACC), mkdir("d/e", 0700), show("d/e", ACC), show("d/e", DEF), mkfifo("d/p", 0622), show("d/p", ACC), symlink("x", "d/s"), R(SC(lgetxattr, "d/s", ACC, b, 100));
    as_user(1000, stranger);
    ACL("d", DEF, {UO, 6, 0}, {GO, 6, 0}, {O, 2, 0}), put_file("d/y", "", 0664), show("d/y", ACC), mkdir("d/f", 0777), show("d/f", ACC), show("d/f", DEF);
    R(SC(removexattr, "d", DEF)), show("d", DEF), put_file("d/z", "", 0666), show("d/z", ACC);
    R(SC(lsetxattr, "s", ACC, "", 0, 0)), R(SC(lgetxattr, "s", ACC, b, 100)), R(SC(setxattr, "/proc/version", ACC, "", 0, 0)), R(SC(getxattr, "/proc/version", ACC, b, 100)), R(SC(setxattr, "f", "system.posix_acl_", "", 0, 0));
    as_user(1000, owner);
    chdir(".."), umount2("t", MNT_DETACH);
}
