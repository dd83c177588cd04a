// SPDX-License-Identifier: MPL-2.0
// What happens to a directory, its entries and a file, as those who watch them are told.
// Covers: inotify_init1 inotify_add_watch read
#include "../conf.h"
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/xattr.h>
static int in, wds[8], count;
static const char *labels[8];
static const char *bits(unsigned m)
{
    static char b[300];
    static const struct { unsigned bit; const char *name; } t[] = {{1, "ACCESS"}, {2, "MODIFY"}, {4, "ATTRIB"}, {8, "CLOSE_WRITE"}, {16, "CLOSE_NOWRITE"}, {32, "OPEN"}, {64, "MOVED_FROM"}, {128, "MOVED_TO"}, {256, "CREATE"}, {512, "DELETE"}, {1024, "DELETE_SELF"}, {2048, "MOVE_SELF"}, {0x2000, "UNMOUNT"}, {0x4000, "Q_OVERFLOW"}, {0x8000, "IGNORED"}, {0x40000000, "ISDIR"}};
    b[0] = 0;
    for (unsigned i = 0; i < ARRAY(t); i++)
        if (m & t[i].bit)
            strcat(b, b[0] ? "|" : ""), strcat(b, t[i].name), m &= ~t[i].bit;
    if (m)
        sprintf(b + strlen(b), "|%#x", m);
    return b;
}
static void watch(const char *path, unsigned mask)
{
    wds[count] = SC(inotify_add_watch, in, path, mask), labels[count++] = path;
}
static void show(const char *what)
{
    static char b[65536] __attribute__((aligned(8)));
    static unsigned last;
    say("- %s", what);
    for (long n; (n = read(in, b, sizeof b)) > 0;)
        for (char *p = b; p < b + n;) {
            struct inotify_event *e = (void *)p;
            const char *who = "?";
            for (int i = 0; i < count; i++)
                if (wds[i] == e->wd)
                    who = labels[i];
            say("  %s: %s%s%s len %u%s", e->wd == -1 ? "none" : who, bits(e->mask), e->len ? " " : "", e->len ? e->name : "", e->len, e->cookie ? e->cookie == last ? " same cookie" : " cookie" : "");
            last = e->cookie;
            p += sizeof *e + e->len;
        }
}
#define DO(...) do { __VA_ARGS__; show(#__VA_ARGS__); } while (0)
static void test(void)
{
    char b[100] = "";
    mkdir("t", 0777), mount("t", "t", "tmpfs", 0, 0), chdir("t");
    put_file("f", "x", 0644), mkdir("d", 0755), mkdir("e", 0755);
    in = SC(inotify_init1, IN_NONBLOCK);
    watch(".", IN_ALL_EVENTS), watch("f", IN_ALL_EVENTS), watch("d", IN_ALL_EVENTS);
    int f, g;
    DO(f = open("f", O_RDWR)); DO(read(f, b, 1)); DO(read(f, b, 1)); DO(write(f, "ab", 2)); DO(write(f, "", 0)); DO(pread(f, b, 1, 0)); DO(pwrite(f, b, 1, 0)); DO(ftruncate(f, 1)); DO(ftruncate(f, 1)); DO(fallocate(f, 0, 0, 10)); DO(lseek(f, 0, SEEK_SET)); DO(fsync(f)); DO(g = dup(f)); DO(close(g)); DO(close(f));
    DO(close(open("f", O_RDONLY))); DO(close(open("f", O_WRONLY))); DO(close(open("f", O_RDWR | O_TRUNC))); DO(close(open("f", O_PATH))); DO(truncate("f", 3));
    DO(chmod("f", 0600)); DO(chmod("f", 0600)); DO(chown("f", 1, 1)); DO(chown("f", -1, -1)); DO(utimensat(AT_FDCWD, "f", 0, 0)); struct timespec ts[2] = {{5, 5}, {0, UTIME_OMIT}}; DO(utimensat(AT_FDCWD, "f", ts, 0)); ts[0].tv_nsec = UTIME_OMIT, ts[1].tv_nsec = 5; DO(utimensat(AT_FDCWD, "f", ts, 0)); DO(setxattr("f", "user.a", "1", 1, 0)); DO(getxattr("f", "user.a", b, 1)); DO(removexattr("f", "user.a")); DO(removexattr("f", "user.a"));
    DO(link("f", "g")); DO(unlink("g")); DO(stat("f", (struct stat *)b)); DO(access("f", R_OK)); DO(symlink("f", "s")); DO(close(open("s", O_RDONLY))); DO(readlink("s", b, 10)); DO(unlink("s")); DO(mknod("p", S_IFIFO | 0644, 0)); DO(unlink("p"));
    DO(f = open("new", O_CREAT | O_RDWR, 0644)); DO(write(f, "x", 1)); DO(close(f)); DO(close(open("new", O_CREAT | O_WRONLY | O_TRUNC, 0644))); DO(open("new", O_CREAT | O_EXCL, 0644)); DO(unlink("new")); DO(unlink("new"));
    DO(close(open("d", O_RDONLY | O_DIRECTORY))); f = open("d", O_RDONLY), show("open"); DO(SC(getdents64, f, b, 100)); DO(SC(getdents64, f, b, 100)); DO(close(f)); DO(chmod("d", 0700)); DO(mkdir("d/x", 0755)); DO(rmdir("d/x")); DO(mkdir("d/x", 0755)); DO(rmdir("d")); DO(chdir("d")); DO(chdir(".."));
    DO(rename("f", "f2")); DO(rename("f2", "d/f")); DO(rename("d/f", "f")); DO(rename("d/x", "x")); DO(rename("x", "e/x")); put_file("o", "", 0644), show("put"); DO(rename("o", "f")); put_file("o", "", 0644), show("put"); DO(SC(renameat2, AT_FDCWD, "o", AT_FDCWD, "d", 2)); DO(SC(renameat2, AT_FDCWD, "o", AT_FDCWD, "d", 2)); DO(rename("none", "f"));
    DO(f = open("o", O_RDWR)); DO(unlink("o")); DO(write(f, "x", 1)); DO(close(f));
    DO(rmdir("d")); DO(rmdir("e/x")); DO(SC(inotify_add_watch, in, "d", 1));
    chdir(".."), show("left");
    DO(umount2("t", 0)); close(in), umount2("t", MNT_DETACH);
}
