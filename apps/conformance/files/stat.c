// SPDX-License-Identifier: MPL-2.0
// stat, lstat, fstat, newfstatat and statx: types, sizes, link counts, and errors.
// Covers: stat lstat fstat newfstatat statx
#include "../conf.h"
#include <sys/sysmacros.h>
struct statx_buf { // struct statx of linux/stat.h
    uint32_t mask, blksize; uint64_t attributes; uint32_t nlink, uid, gid; uint16_t mode, pad; uint64_t ino, size, blocks;
    uint64_t attributes_mask; struct { int64_t s; uint32_t ns, pad; } at, bt, ct, mt; uint32_t rmaj, rmin, dmaj, dmin;
    uint64_t spare[14];
};
static void show(const char *n, const struct stat *s)
{
    say("%s: mode %o nlink %ld uid %d gid %d size %ld rdev %d:%d blksize %ld", n, s->st_mode, (long)s->st_nlink, s->st_uid,
        s->st_gid, S_ISDIR(s->st_mode) ? 0l : (long)s->st_size, major(s->st_rdev), minor(s->st_rdev), (long)s->st_blksize);
}
static void test(void)
{
    struct stat s, t;
    put_file("f", "12345", 0640);
    mkdir("d", 0711), mkdir("d/e", 0700);
    symlink("f", "s"), symlink("none", "dangling");
    mkfifo("p", 0604);
    link("f", "f2");
    chown("d", 5, 6);
    R(SC(stat, "f", &s)), show("f", &s);
    R(SC(stat, "s", &t)), say("same file: %d", s.st_ino == t.st_ino && s.st_dev == t.st_dev);
    R(SC(stat, "f2", &t)), say("same file: %d", s.st_ino == t.st_ino && s.st_dev == t.st_dev);
    R(SC(lstat, "s", &t)), say("same file: %d", s.st_ino == t.st_ino), show("s", &t);
    R(SC(stat, "d", &s)), show("d", &s);
    R(SC(stat, "p", &s)), show("p", &s);
    R(SC(stat, "/dev/null", &s)), show("null", &s);
    R(SC(stat, "dangling", &s));
    R(SC(lstat, "dangling", &s)), V(s.st_size);
    R(SC(stat, "f/x", &s));
    R(SC(lstat, "s/", &s));
    R(SC(stat, "", &s));
    R(SC(stat, BAD, &s));
    R(SC(stat, "f", BAD));
    R(SC(stat, "none", BAD));
    int fd = open("f", O_RDONLY), d = open("d", O_RDONLY), pp[2];
    R(SC(fstat, fd, &s)), show("fd", &s);
    R(SC(fstat, 99, BAD));
    pipe(pp), R(SC(fstat, pp[0], &s)), show("pipe", &s);
    R(SC(newfstatat, d, "e", &s, 0)), show("e", &s);
    R(SC(newfstatat, AT_FDCWD, "s", &s, AT_SYMLINK_NOFOLLOW)), V(S_ISLNK(s.st_mode));
    R(SC(newfstatat, fd, "", &s, AT_EMPTY_PATH)), V(s.st_size);
    R(SC(newfstatat, fd, "", &s, 0));
    R(SC(newfstatat, fd, "x", &s, 0));
    R(SC(newfstatat, 99, "x", &s, 0));
    R(SC(newfstatat, AT_FDCWD, "f", &s, 1));
    struct statx_buf x;
    memset(&x, 0, sizeof x);
    R(SC(statx, AT_FDCWD, "f", 0, 0x7ff, &x));
    say("basic %d mode %o nlink %u size %lu uid %u", (x.mask & 0x7ff) == 0x7ff, x.mode, x.nlink, x.size, x.uid);
    stat("f", &s);
    say("same: ino %d dev %d mtime %d", x.ino == s.st_ino, makedev(x.dmaj, x.dmin) == s.st_dev, x.mt.s == s.st_mtime);
    R(SC(statx, AT_FDCWD, "s", AT_SYMLINK_NOFOLLOW, 0x7ff, &x)), say("mode %o", x.mode);
    R(SC(statx, fd, "", AT_EMPTY_PATH, 0x7ff, &x)), V(x.size);
    R(SC(statx, AT_FDCWD, "none", 0, 0x7ff, &x));
    R(SC(statx, AT_FDCWD, "f", 0, 0x80000000u, &x));
    R(SC(statx, AT_FDCWD, "f", 0x6000, 0x7ff, &x));
    R(SC(statx, AT_FDCWD, "f", 1, 0x7ff, &x));
    R(SC(statx, AT_FDCWD, "f", 0, 0x7ff, BAD));
    R(SC(statx, AT_FDCWD, "/dev/null", 0, 0x7ff, &x)), say("rdev %u:%u", x.rmaj, x.rmin);
    // Times move with contents and state.
    stat("f", &s), nap(20), put_file("f", "new", 0640), stat("f", &t);
    say("mtime later: %d ctime later: %d", t.st_mtim.tv_nsec != s.st_mtim.tv_nsec, t.st_ctim.tv_nsec != s.st_ctim.tv_nsec);
    stat("f", &s), nap(20), chmod("f", 0600), stat("f", &t);
    say("mtime later: %d ctime later: %d", t.st_mtim.tv_nsec != s.st_mtim.tv_nsec, t.st_ctim.tv_nsec != s.st_ctim.tv_nsec);
}
