// SPDX-License-Identifier: MPL-2.0
// mkdir, mkdirat, rmdir, unlinkat of directories: modes, link counts, set-group-id inheritance, errors in order.
// Covers: mkdir mkdirat rmdir unlinkat
#include "../conf.h"
static void links(const char *p)
{
    struct stat s;
    if (stat(p, &s))
        say("%s: %s", p, ename(errno));
    else
        say("%s: mode %o nlink %ld gid %d", p, s.st_mode, (long)s.st_nlink, s.st_gid);
}
static void test(void)
{
    R(SC(mkdir, "a", 0777));
    links("a");
    R(SC(mkdir, "a", 0777));
    R(SC(mkdir, "a/b", 0700));
    R(SC(mkdir, "a/c/", 01777));
    links("a"), links("a/c");
    R(SC(mkdir, "none/x", 0777));
    R(SC(mkdir, "", 0777));
    R(SC(mkdir, BAD, 0777));
    R(SC(mkdir, ".", 0777));
    R(SC(mkdir, "/", 0777));
    R(SC(mkdir, "a/..", 0777));
    put_file("f", "", 0644);
    R(SC(mkdir, "f", 0777));
    R(SC(mkdir, "f/x", 0777));
    symlink("nowhere", "dangling");
    R(SC(mkdir, "dangling", 0777));
    int d = open("a", O_RDONLY);
    R(SC(mkdirat, d, "e", 0755));
    R(SC(mkdirat, 99, "e", 0755));
    R(SC(mkdirat, open("f", O_RDONLY), "e", 0755));
    R(SC(rmdir, "a"));
    R(SC(rmdir, "f"));
    R(SC(rmdir, "none"));
    R(SC(rmdir, ""));
    R(SC(rmdir, "a/b/."));
    R(SC(rmdir, "a/b/.."));
    R(SC(rmdir, "/"));
    R(SC(rmdir, "a/b"));
    R(SC(rmdir, "a/c/"));
    links("a");
    R(SC(unlink, "a"));
    R(SC(unlinkat, AT_FDCWD, "a/e", 0));
    R(SC(unlinkat, AT_FDCWD, "f", AT_REMOVEDIR));
    R(SC(unlinkat, AT_FDCWD, "f", 1));
    R(SC(unlinkat, d, "e", AT_REMOVEDIR));
    // A directory that is open can be removed; then nothing can be made in it.
    R(SC(rmdir, "a"));
    R(SC(mkdirat, d, "x", 0755));
    R(openat(d, "x", O_CREAT | O_RDWR, 0644));
    struct stat s;
    R(fstat(d, &s));
    V(s.st_nlink);
    // A set-group-id directory hands its group and the bit down.
    mkdir("g", 0755), chown("g", 0, 77), chmod("g", 02775);
    mkdir("g/sub", 0755), links("g/sub");
    put_file("g/file", "", 0644), links("g/file");
}
