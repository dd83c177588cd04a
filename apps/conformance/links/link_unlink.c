// SPDX-License-Identifier: MPL-2.0
// link, linkat, unlink, unlinkat: counts, files that live on without a name, errors in order.
// Covers: link linkat unlink unlinkat
#include "../conf.h"
static long count(const char *p)
{
    struct stat s;
    return lstat(p, &s) ? -1 : (long)s.st_nlink;
}
static void other(void)
{
    R(SC(unlink, "dir/x"));
    R(SC(unlink, "sticky/x"));
}
static void test(void)
{
    char b[32];
    put_file("a", "text", 0644), mkdir("d", 0755), symlink("a", "s");
    R(SC(link, "a", "b"));
    V(count("a"));
    R(SC(link, "a", "b"));
    R(SC(link, "none", "b"));
    R(SC(link, "none", "c"));
    R(SC(link, "a", "none/c"));
    R(SC(link, "d", "d2"));
    R(SC(link, "a/x", "c"));
    R(SC(link, "", "c"));
    R(SC(link, BAD, "c"));
    R(SC(link, "a", "c/"));
    R(SC(link, "a", "d/a"));
    V(count("a"));
    R(SC(link, "s", "s2")); // links the symbolic link itself
    V(count("s"));
    R(SC(linkat, AT_FDCWD, "s", AT_FDCWD, "s3", AT_SYMLINK_FOLLOW));
    V(count("a"));
    R(SC(linkat, AT_FDCWD, "a", AT_FDCWD, "q", 1));
    R(SC(linkat, 99, "a", AT_FDCWD, "q", 0));
    R(SC(linkat, AT_FDCWD, "a", 99, "q", 0));
    int fd = open("a", O_RDWR), d = open("d", O_RDONLY);
    R(SC(linkat, fd, "", d, "by_fd", AT_EMPTY_PATH));
    V(count("d/by_fd"));
    R(link("a", "/proc/link"));
    R(SC(unlink, "b"));
    R(SC(unlink, "b"));
    R(SC(unlink, "d"));
    R(SC(unlink, "none/b"));
    R(SC(unlink, "a/b"));
    R(SC(unlink, "a/"));
    R(SC(unlink, ""));
    R(SC(unlink, BAD));
    R(SC(unlink, "s"));
    V(count("a"));
    R(SC(unlinkat, d, "a", 0));
    R(SC(unlinkat, d, "a", 0));
    R(SC(unlinkat, 99, "a", 0));
    R(SC(unlinkat, d, "a", 0x10));
    R(unlink("s2")), R(unlink("s3")), R(unlink("d/by_fd")), R(unlink("a"));
    // No name any more, but still a file
    struct stat st;
    fstat(fd, &st), V(st.st_nlink);
    R(write(fd, "TEXT and more", 13));
    R(pread(fd, b, 32, 0));
    R(SC(linkat, fd, "", AT_FDCWD, "back", AT_EMPTY_PATH));
    R(put_file("a", "other", 0644));
    // An anonymous file gets a name.
    int t = open(".", O_TMPFILE | O_RDWR, 0600);
    R(write(t, "tmp", 3));
    char p[32];
    sprintf(p, "/proc/self/fd/%d", t);
    R(SC(linkat, AT_FDCWD, p, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
    V(get_file("named", b, 32));
    // Rights
    umask(0), chmod(".", 0777), mkdir("dir", 0755), put_file("dir/x", "", 0666), mkdir("sticky", 01777), put_file("sticky/x", "", 0666);
    as_user(1000, other);
}
