// SPDX-License-Identifier: MPL-2.0
// Flags of watches: adding to and replacing masks, once only, unlinked entries, links, directories only; bad arguments.
// Covers: inotify_init inotify_init1 inotify_add_watch inotify_rm_watch
#include "../conf.h"
#include <sys/inotify.h>
static int in;
static void show(const char *what)
{
    char b[4096] __attribute__((aligned(8)));
    say("- %s", what);
    for (long n; (n = read(in, b, sizeof b)) > 0;)
        for (char *p = b; p < b + n;) {
            struct inotify_event *e = (void *)p;
            say("  %d: %#x len %u %s", e->wd, e->mask, e->len, e->len ? e->name : "");
            p += sizeof *e + e->len;
        }
}
#define DO(...) do { __VA_ARGS__; show(#__VA_ARGS__); } while (0)
#define ADD(path, mask) SC(inotify_add_watch, in, path, mask)
static void stranger(void)
{
    R(ADD("private", IN_OPEN)), R(ADD("unreadable", IN_OPEN)), R(ADD("closed/f", IN_OPEN)), R(ADD("f", IN_OPEN));
}
static void test(void)
{
    put_file("f", "x", 0644), put_file("private", "x", 0600), put_file("unreadable", "x", 0244), mkdir("d", 0755), mkdir("closed", 0700), put_file("closed/f", "", 0644), symlink("f", "s"), symlink("d", "sd"), symlink("none", "dangling");
    R(SC(inotify_init1, 1)), R(SC(inotify_init1, ~0)), R(SC(inotify_init1, O_RDWR));
    int plain = SC(inotify_init);
    X(fcntl(plain, F_GETFL)), V(fcntl(plain, F_GETFD)), close(plain);
    in = SC(inotify_init1, IN_NONBLOCK | IN_CLOEXEC), X(fcntl(in, F_GETFL)), V(fcntl(in, F_GETFD));
    R(ADD("f", 0)), R(ADD("f", 0x1000)), R(ADD("f", 0x00800000)), R(ADD("f", 0x2000)), R(ADD("f", IN_ISDIR)), R(ADD("f", IN_IGNORED)), R(ADD("f", IN_ONLYDIR)), R(ADD("f", IN_ONLYDIR | IN_OPEN)), R(ADD("d", IN_ONLYDIR | IN_OPEN));
    R(ADD("f", IN_MASK_ADD | IN_MASK_CREATE | IN_OPEN)), R(SC(inotify_add_watch, -1, "f", 0)), R(SC(inotify_add_watch, -1, "f", IN_OPEN)), R(SC(inotify_add_watch, 0, "f", IN_OPEN)), R(SC(inotify_add_watch, 0, "f", IN_OPEN | IN_MASK_ADD | IN_MASK_CREATE)), R(SC(inotify_add_watch, 0, BAD, IN_OPEN));
    R(ADD("none", IN_OPEN)), R(ADD("", IN_OPEN)), R(ADD(BAD, IN_OPEN)), R(ADD("f/x", IN_OPEN)), R(ADD("dangling", IN_OPEN)), R(ADD("sd", IN_ONLYDIR | IN_DONT_FOLLOW)), R(ADD("s", IN_DONT_FOLLOW | IN_OPEN | IN_ATTRIB)), R(ADD("s", IN_OPEN));
    int o = open("f", O_PATH);
    R(SC(inotify_add_watch, o, "f", IN_OPEN)), R(SC(inotify_rm_watch, o, 1)), R(SC(inotify_rm_watch, -1, 1)), R(SC(inotify_rm_watch, 0, 1)), R(SC(inotify_rm_watch, in, 99)), R(SC(inotify_rm_watch, in, -1)), R(SC(inotify_rm_watch, in, 0));
    close(in), in = SC(inotify_init1, IN_NONBLOCK);
    // One inode, one watch
    R(ADD("f", IN_OPEN)), R(ADD("./f", IN_CLOSE_NOWRITE)); DO(close(open("f", O_RDONLY)));
    R(ADD("f", IN_OPEN | IN_MASK_ADD)); DO(close(open("f", O_RDONLY))); R(ADD("f", IN_ACCESS | IN_MASK_CREATE)), R(ADD("d", IN_CREATE | IN_MASK_CREATE)), R(ADD("d", IN_CREATE | IN_MASK_CREATE)); DO(put_file("d/a", "", 0644));
    // Once
    R(ADD("f", IN_OPEN | IN_ONESHOT)); DO(close(open("f", O_RDONLY))); DO(close(open("f", O_RDONLY))); R(SC(inotify_rm_watch, in, 1)); R(ADD("f", IN_OPEN));
    R(ADD("f", IN_CLOSE | IN_ONESHOT)), R(ADD("f", IN_MASK_ADD | IN_ACCESS)); DO(close(open("f", O_RDONLY)));
    // Unlinked entries
    R(ADD("d", IN_MODIFY | IN_CLOSE | IN_ATTRIB)); int a = open("d/a", O_RDWR); DO(unlink("d/a")); DO(write(a, "x", 1)); R(ADD("d", IN_MODIFY | IN_CLOSE | IN_ATTRIB | IN_EXCL_UNLINK)); DO(write(a, "x", 1)); DO(fchmod(a, 0600)); DO(close(a));
    put_file("d/b", "", 0644), show("put"); a = open("d/b", O_RDWR); DO(write(a, "x", 1)); R(rename("d/b", "b")); DO(write(a, "x", 1)); DO(close(a));
    // Two instances
    int other = in, second = in = SC(inotify_init1, IN_NONBLOCK);
    R(ADD("f", IN_OPEN)); in = other, R(ADD("f", IN_OPEN)); close(open("f", O_RDONLY)), show("first"); in = second, show("second"); close(in), in = other; DO(close(open("f", O_RDONLY)));
    as_user(1000, stranger);
    R(read(in, BAD, 100)), close(open("f", O_RDONLY)), R(read(in, BAD, 100)), R(write(in, "x", 1)), R(lseek(in, 0, SEEK_SET)), R(pread(in, BAD, 100, 0));
}
