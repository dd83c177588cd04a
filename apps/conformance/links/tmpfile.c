// SPDX-License-Identifier: MPL-2.0
// O_TMPFILE: files without a name, naming them later, which flags go with it.
// Covers: open openat linkat
#include "../conf.h"
static void user(void) { R(open("closed", O_TMPFILE | O_RDWR, 0600)); }
static void test(void)
{
    char b[300], path[40];
    struct stat s;
    mkdir("d", 0755), mkdir("closed", 0700), put_file("f", "", 0644);
    umask(027);
    int t = open("d", O_TMPFILE | O_RDWR, 0666);
    OK(t), fstat(t, &s), say("%o links %d size %ld", s.st_mode, (int)s.st_nlink, (long)s.st_size);
    R(write(t, "data", 4)), R(pread(t, b, 10, 0)), R(rmdir("d")), mkdir("d", 0755);
    X(fcntl(t, F_GETFL) & (O_TMPFILE | O_ACCMODE));
    close(t);
    t = open(".", O_TMPFILE | O_WRONLY, 0600), write(t, "x", 1), sprintf(path, "/proc/self/fd/%d", t);
    long n = readlink(path, b, sizeof b - 1);
    b[n > 0 ? n : 0] = 0, say("deleted %d, number %d", strstr(b, " (deleted)") != 0, strstr(b, "/#") != 0);
    R(SC(linkat, t, "", AT_FDCWD, "named", AT_EMPTY_PATH)), fstat(t, &s), say("links %d", (int)s.st_nlink);
    R(unlink("named")), R(SC(linkat, t, "", AT_FDCWD, "again", AT_EMPTY_PATH));
    close(t);
    t = open(".", O_TMPFILE | O_RDWR | O_EXCL, 0600), OK(t), sprintf(path, "/proc/self/fd/%d", t);
    R(SC(linkat, AT_FDCWD, path, AT_FDCWD, "never", AT_SYMLINK_FOLLOW)), close(t);
    R(open(".", O_TMPFILE | O_RDONLY, 0600)), R(open("f", O_TMPFILE | O_RDWR, 0600)), R(open("none", O_TMPFILE | O_RDWR, 0600)), R(open(".", (O_TMPFILE & ~O_DIRECTORY) | O_RDWR, 0600));
    R(open(".", O_TMPFILE | O_RDWR | O_CREAT, 0600)), R(open("/proc", O_TMPFILE | O_RDWR, 0600)), R(openat(99, ".", O_TMPFILE | O_RDWR, 0600));
    chmod(".", 0755);
    as_user(1000, user);
}
