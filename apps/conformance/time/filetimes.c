// SPDX-License-Identifier: MPL-2.0
// utimensat, utimes, utime, futimens: given times, now, omit, rights, nanoseconds, links, errors in order.
// Covers: utimensat utimes utime futimesat
#include "../conf.h"
#include <utime.h>
#define NOW ((1l << 30) - 1)
#define OMIT ((1l << 30) - 2)
static void show(const char *p)
{
    struct stat s;
    if (lstat(p, &s))
        say("%s: %s", p, ename(errno));
    else
        say("%s: a %ld.%09ld m %ld.%09ld", p, (long)s.st_atim.tv_sec, s.st_atim.tv_nsec, (long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
}
static void user(void)
{
    struct timespec now[2] = {{0, NOW}, {0, NOW}}, omit[2] = {{0, OMIT}, {0, OMIT}}, half[2] = {{0, NOW}, {0, OMIT}}, t[2] = {{5, 0}, {6, 0}};
    R(SC(utimensat, AT_FDCWD, "roots_rw", 0, 0)), R(SC(utimensat, AT_FDCWD, "roots_rw", now, 0)), R(SC(utimensat, AT_FDCWD, "roots_rw", t, 0));
    R(SC(utimensat, AT_FDCWD, "roots_ro", 0, 0)), R(SC(utimensat, AT_FDCWD, "roots_ro", t, 0)), R(SC(utimensat, AT_FDCWD, "roots_ro", omit, 0));
    R(SC(utimensat, AT_FDCWD, "roots_rw", half, 0)), R(SC(utimensat, AT_FDCWD, "mine", t, 0)), show("mine");
}
static void test(void)
{
    struct timespec t[2] = {{1000000, 123456789}, {2000000, 987654321}};
    put_file("f", "", 0644), symlink("f", "s");
    R(SC(utimensat, AT_FDCWD, "f", t, 0)), show("f");
    t[0].tv_nsec = OMIT, t[1].tv_sec = 7, R(SC(utimensat, AT_FDCWD, "f", t, 0)), show("f");
    t[0] = (struct timespec){-5, 3}, t[1] = (struct timespec){1l << 33, 4}, R(SC(utimensat, AT_FDCWD, "f", t, 0)), show("f");
    struct stat s;
    struct timespec n;
    t[0] = (struct timespec){9, 9}, t[1].tv_nsec = NOW, R(SC(utimensat, AT_FDCWD, "f", t, 0)), stat("f", &s), clock_gettime(CLOCK_REALTIME, &n);
    say("atime %ld mtime is now %d ctime is now %d", (long)s.st_atime, llabs(n.tv_sec - s.st_mtime) < 10, llabs(n.tv_sec - s.st_ctime) < 10);
    R(SC(utimensat, AT_FDCWD, "f", 0, 0)), stat("f", &s), say("both now %d", s.st_atime == s.st_mtime && llabs(n.tv_sec - s.st_mtime) < 10);
    t[0] = (struct timespec){1, 1}, t[1] = (struct timespec){2, 2};
    R(SC(utimensat, AT_FDCWD, "s", t, AT_SYMLINK_NOFOLLOW)), show("s");
    R(SC(utimensat, AT_FDCWD, "s", t, 0)), show("f");
    int fd = open("f", O_RDONLY), d = open(".", O_RDONLY);
    t[0].tv_sec = 11, R(SC(utimensat, fd, 0, t, 0)), show("f");
    t[0].tv_sec = 12, R(SC(utimensat, d, "f", t, 0)), show("f");
    t[0].tv_sec = 13, R(SC(utimensat, fd, "", t, AT_EMPTY_PATH)), show("f");
    R(SC(utimensat, fd, "", t, 0)), R(SC(utimensat, 99, 0, t, 0)), R(SC(utimensat, 99, "f", t, 0)), R(SC(utimensat, AT_FDCWD, 0, t, 0));
    R(SC(utimensat, fd, "x", t, 0)), R(SC(utimensat, AT_FDCWD, "none", t, 0)), R(SC(utimensat, AT_FDCWD, "f", BAD, 0)), R(SC(utimensat, AT_FDCWD, BAD, t, 0));
    R(SC(utimensat, AT_FDCWD, "f", t, 1)), R(SC(utimensat, fd, 0, t, AT_SYMLINK_NOFOLLOW));
    t[0].tv_nsec = 1000000000, R(SC(utimensat, AT_FDCWD, "f", t, 0)), R(SC(utimensat, AT_FDCWD, "none", t, 0));
    t[0].tv_nsec = t[1].tv_nsec = OMIT, R(SC(utimensat, AT_FDCWD, "none", t, 0)); // nothing to do: not even looked for
    struct timeval v[2] = {{100, 5}, {200, 6}};
    struct utimbuf u = {300, 400};
    R(SC(utimes, "f", v)), show("f"), R(SC(utime, "f", &u)), show("f"), R(SC(futimesat, d, "f", v)), show("f");
    v[0].tv_usec = 1000000, R(SC(utimes, "f", v)), R(SC(utime, "none", &u)), R(SC(utime, "f", BAD)), R(SC(utimes, "f", BAD));
    R(SC(utime, "f", 0)), R(SC(utimes, "none", 0));
    // What moves which time
    struct stat a, b;
    char x;
    put_file("g", "text", 0644);
#define CHANGE(what, act) stat("g", &a), nap(15), act, stat("g", &b), say("%s: m %d c %d", what, \
    memcmp(&a.st_mtim, &b.st_mtim, sizeof a.st_mtim) != 0, memcmp(&a.st_ctim, &b.st_ctim, sizeof a.st_ctim) != 0)
    int g = open("g", O_RDWR);
    CHANGE("write", pwrite(g, "x", 1, 0)), CHANGE("read", pread(g, &x, 1, 0)), CHANGE("truncate to the same", ftruncate(g, 4));
    CHANGE("truncate", ftruncate(g, 3)), CHANGE("chmod", chmod("g", 0600)), CHANGE("chown", chown("g", 1, 1)), CHANGE("link", link("g", "h"));
    CHANGE("rename", rename("h", "i")), CHANGE("unlink", unlink("i")), CHANGE("write nothing", write(g, "", 0)), CHANGE("open", close(open("g", O_RDWR)));
    CHANGE("open O_TRUNC", close(open("g", O_RDWR | O_TRUNC)));
    mkdir("g.d", 0755), unlink("g"), rename("g.d", "g");
    CHANGE("entry made", put_file("g/x", "", 0644)), CHANGE("entry removed", unlink("g/x")), CHANGE("folder in it", mkdir("g/d", 0755)), CHANGE("listed", close(open("g", O_RDONLY)));
    umask(0), chmod(".", 0777), put_file("roots_rw", "", 0666), put_file("roots_ro", "", 0644), put_file("mine", "", 0644), chown("mine", 1000, 1000);
    as_user(1000, user);
}
