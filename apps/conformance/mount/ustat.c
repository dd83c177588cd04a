// SPDX-License-Identifier: MPL-2.0
// ustat: figures of a mounted file system by its device number.
// Covers: ustat
#include "../conf.h"
#include <sys/mount.h>
#include <sys/statfs.h>
struct old { int free; unsigned long inodes; char name[6], pack[6]; };
static void ask(const char *what, const char *path)
{
    struct old u;
    struct stat st;
    struct statfs f;
    memset(&u, 0x55, sizeof u);
    if (stat(path, &st) || statfs(path, &f))
        return say("%s: %s", what, ename(errno));
    long r = SC(ustat, st.st_dev, &u);
    say("%s: %s, free %s, inodes %s, name %d %d, pack %d %d, rest %#x", what, r ? ename(errno) : "ok", u.free == (int)f.f_bfree ? "as statfs" : "differ", u.inodes == f.f_ffree ? "as statfs" : "differ",
        u.name[0], u.name[5], u.pack[0], u.pack[5], ((unsigned char *)&u)[31]);
}
static void test(void)
{
    struct old u;
    struct stat st;
    int p[2];
    R(mkdir("a", 0755)), R(mkdir("b", 0755));
    R(mount("a", "a", "tmpfs", 0, "size=1m,nr_inodes=50")), R(mount("b", "b", "tmpfs", 0, "size=2m,nr_inodes=90"));
    ask("one", "a"), ask("other", "b"), ask("proc", "/proc"), ask("pts", "/dev/pts");
    stat("a", &st);
    R(put_file("a/f", "hello", 0644));
    R(SC(ustat, st.st_dev, &u)), V(u.free), V(u.inodes);
    R(SC(ustat, st.st_dev, BAD)), R(SC(ustat, st.st_dev, 0)), R(SC(ustat, 0, &u)), R(SC(ustat, 0xffff, &u)), R(SC(ustat, 0xffff, BAD)), R(SC(ustat, -1, &u));
    // The file system outlives its mount while a file of it is open.
    int fd = open("a/f", O_RDONLY);
    R(umount2("a", MNT_DETACH)), R(SC(ustat, st.st_dev, &u)), R(close(fd)), R(SC(ustat, st.st_dev, &u));
    pipe(p), fstat(p[0], &st);
    R(SC(ustat, st.st_dev, &u)), V(u.free), V(u.inodes);
    R(umount2("b", MNT_DETACH));
}
