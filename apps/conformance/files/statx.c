// SPDX-License-Identifier: MPL-2.0
// statx: each bit of the mask, flags, attributes, roots of mounts; the old calls say the same.
// Covers: statx stat
#include "../conf.h"
#include <sys/mount.h>
struct sx { unsigned mask, blksize; unsigned long attributes; unsigned nlink, uid, gid; unsigned short mode, pad; unsigned long ino, size, blocks, attributes_mask; struct { long s; unsigned ns; int pad; } a, b, c, m; unsigned rmaj, rmin, dmaj, dmin; unsigned long mnt_id, more[12]; };
static void show(const char *path, int flags, unsigned mask)
{
    struct sx x;
    struct stat s;
    memset(&x, 0xee, sizeof x);
    long r = SC(statx, AT_FDCWD, path, flags, mask, &x);
    if (r) {
        say("%s %#x %#x: %s", path, flags, mask, ename(errno));
        return;
    }
    fstatat(AT_FDCWD, path, &s, flags & AT_SYMLINK_NOFOLLOW);
    int rest = 0;
    for (int i = 0; i < 12; i++)
        rest |= x.more[i] != 0;
    say("%s %#x %#x: mask %#x block %u attributes %#lx links %d uid %d gid %d mode %o size %d same %d %d %d %d rest %d mount %d", path, flags, mask, x.mask & ~0x1000, x.blksize, x.attributes, x.nlink == s.st_nlink, x.uid == s.st_uid, x.gid == s.st_gid, x.mode, x.size == (unsigned long)s.st_size, x.ino == s.st_ino, x.m.s == s.st_mtim.tv_sec && x.m.ns == s.st_mtim.tv_nsec, x.c.s == s.st_ctim.tv_sec, x.blocks == (unsigned long)s.st_blocks, rest, x.mnt_id != 0);
}
static void test(void)
{
    mkdir("t", 0755), mount("t", "t", "tmpfs", 0, 0), put_file("t/f", "12345", 0640), symlink("f", "t/s"), mkfifo("t/p", 0600), mkdir("t/d", 01777);
    show("t", 0, 0x7ff), show("t/f", 0, 0x7ff), show("t/s", 0, 0x7ff), show("t/s", AT_SYMLINK_NOFOLLOW, 0x7ff), show("t/p", 0, 0x7ff), show("t/d", 0, 0x7ff), show("t/d/..", 0, 0x7ff), show("/", 0, 0x7ff), show("/proc", 0, 0x1000);
    for (int b = 0; b < 13; b++)
        show("t/f", 0, 1u << b);
    show("t/f", 0, 0), show("t/f", 0, 0x80000000), show("t/f", 0, ~0x80000000u & ~0x4000u), show("t/f", 0x800, 0x7ff), show("t/f", 0x2000, 0x7ff), show("t/f", 0x4000, 0x7ff), show("t/f", 0x6000, 0x7ff), show("t/f", 1, 0x7ff), show("t/f", 0x8000, 0x7ff), show("none", 0, 0x7ff), show("", 0, 0x7ff), show("t/f/x", 0, 0x7ff);
    mount("t/d", "t/d", 0, MS_BIND, 0), show("t/d", 0, 0x7ff), umount2("t/d", MNT_DETACH), show("t/d", 0, 0x7ff), umount2("t", MNT_DETACH);
}
