// SPDX-License-Identifier: MPL-2.0
// openat2: sizes of its structure, flags that open(2) drops, and where a walk may go.
// Covers: openat2
#include "../conf.h"
#include <sys/mount.h>
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
struct how { unsigned long flags, mode, resolve, more[600]; };
enum { XDEV = 1, MAGIC = 2, LINKS = 4, BENEATH = 8, ROOT = 16, CACHED = 32 };
static int at = AT_FDCWD;
static long go(const char *path, unsigned long flags, unsigned long mode, unsigned long resolve)
{
    struct how h = {flags, mode, resolve, {0}};
    long fd = SC(openat2, at, path, &h, 24);
    if (fd >= 0)
        close(fd), fd = 0;
    return fd;
}
#define GO(path, flags, mode, resolve) R(go(path, flags, mode, resolve))
static long sized(struct how *h, long size)
{
    long fd = SC(openat2, AT_FDCWD, "f", h, size);
    if (fd >= 0)
        close(fd), fd = 0;
    return fd;
}
static const char *paths[] = {"in", "in/x", "../f", "in/../in", "in/..", "in/../..", "/f", "/", ".", "..", "up", "abs", "to_in", "loop", "dangling", "in/back", "in/out", "magic", "mnt", "mnt/y", "mnt/..", "to_mnt", "none", "in/none", "/in/x", "/../in/x", "../in/x"};
static void walks(unsigned long flags, const char *name)
{
    for (unsigned i = 0; i < ARRAY(paths); i++) {
        char line[200];
        int n = sprintf(line, "%s %s:", name, paths[i]);
        for (unsigned long r = 0; r < 6; r++)
            n += sprintf(line + n, " %s", go(paths[i], flags, 0, r ? 1ul << (r - 1) : 0) ? ename(errno) : "ok");
        say("%s", line);
    }
}
static void opener(int n) { if (n == 3) open("fifo", O_RDWR | O_NONBLOCK); }
static void test(void)
{
    struct how h = {0};
    put_file("f", "x", 0644), mkdir("d", 0755), mkdir("d/in", 0755), put_file("d/in/x", "", 0644), mkdir("d/mnt", 0755), symlink("..", "d/up"), symlink("/", "d/abs"), symlink("in", "d/to_in"), symlink("loop", "d/loop"), symlink("nowhere", "d/dangling"), symlink("../to_in", "d/in/back"), symlink("../../f", "d/in/out"), symlink("/proc/self/cwd", "d/magic"), symlink("mnt/y", "d/to_mnt");
    mount("t", "d/mnt", "tmpfs", 0, 0), put_file("d/mnt/y", "", 0644);
    // Size
    R(sized(&h, 0)), R(sized(&h, 23)), R(sized(&h, 24)), R(sized(&h, 25)), R(sized(&h, 32)), R(sized(&h, 4096)), R(sized(&h, 4097)), h.more[0] = 1, R(sized(&h, 24)), R(sized(&h, 32)), R(sized(&h, 25)), h.more[0] = 0, h.more[500] = 1, R(sized(&h, 4096)), R(SC(openat2, AT_FDCWD, "f", BAD, 24)), R(SC(openat2, AT_FDCWD, "f", BAD, 23)), R(SC(openat2, AT_FDCWD, BAD, &h, 24)), R(SC(openat2, AT_FDCWD, "", &h, 24)), R(SC(openat2, -1, "f", &h, 24));
    // Flags
    for (int b = 0; b < 40; b++) {
        long r = go("f", 1ul << b, 0, 0);
        say("flag %#lx: %s", 1ul << b, r ? ename(errno) : "ok");
    }
    GO("f", O_RDONLY, 0644, 0), GO("n", O_CREAT, 0644, 0), GO("n", O_CREAT, 010000, 0), GO("n", O_CREAT, 07777, 0), GO("d", O_CREAT | O_DIRECTORY, 0, 0), GO("d", O_TMPFILE | O_RDWR, 0600, 0), GO("d", O_TMPFILE, 0600, 0), GO("d", O_TMPFILE & ~O_DIRECTORY, 0600, 0);
    GO("f", O_PATH, 0, 0), GO("f", O_PATH | O_RDWR, 0, 0), GO("f", O_PATH | O_CREAT, 0, 0), GO("f", O_PATH | O_NOFOLLOW | O_CLOEXEC, 0, 0), GO("d", O_PATH | O_DIRECTORY, 0, 0), GO("f", 1ul << 40, 0, 0), GO("f", 0, 0, 64), GO("f", 0, 0, 1ul << 40), GO("f", 0, 0, BENEATH | ROOT), GO("f", 0, 0, CACHED), GO("f", O_RDWR | O_TRUNC, 0, CACHED), GO("f", O_CREAT | O_RDWR, 0, CACHED), GO("f", 0, 0, 3);
    // Where it may go
    at = open("d", O_PATH);
    walks(O_RDONLY, "read"), walks(O_PATH | O_NOFOLLOW, "path"), walks(O_DIRECTORY, "directory");
    GO("new", O_CREAT | O_RDWR, 0644, BENEATH), GO("../new", O_CREAT | O_RDWR, 0644, BENEATH), GO("/new2", O_CREAT | O_RDWR, 0644, ROOT), GO("/../new3", O_CREAT | O_RDWR, 0644, ROOT), GO("mnt/new", O_CREAT | O_RDWR, 0644, XDEV), GO("dangling", O_CREAT | O_RDWR, 0644, LINKS), GO("dangling", O_CREAT | O_RDWR, 0644, BENEATH), GO("up/new", O_CREAT | O_RDWR, 0644, BENEATH), GO("in/out", O_CREAT | O_RDWR, 0644, BENEATH), GO("in/out", O_CREAT | O_RDWR, 0644, ROOT);
    R(access("d/new", F_OK)), R(access("d/new2", F_OK)), R(access("d/new3", F_OK)), R(access("d/nowhere", F_OK)), R(access("new", F_OK)), R(access("d/f", F_OK));
    char b[40];
    at = AT_FDCWD, sprintf(b, "/proc/self/fd/%d", open("f", O_RDONLY)), GO(b, 0, 0, 0), GO(b, 0, 0, MAGIC), GO(b, 0, 0, LINKS), GO(b, 0, 0, XDEV), GO("/proc/self/exe", 0, 0, XDEV), GO(b, O_PATH | O_NOFOLLOW, 0, MAGIC), GO("/proc/self/cwd/f", 0, 0, MAGIC);
    // Waiting for a writer
    mkfifo("fifo", 0600), GO("fifo", O_NONBLOCK, 0, 0), INTR(go("fifo", 0, 0, 0)), RESTART(opener, go("fifo", 0, 0, 0));
    umount2("d/mnt", MNT_DETACH);
}
