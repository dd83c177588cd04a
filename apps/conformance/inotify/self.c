// SPDX-License-Identifier: MPL-2.0
// The end of what is watched: with one name, with two, while it is open; moves and what replaces it.
// Covers: inotify_add_watch inotify_rm_watch
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
#define LAST (IN_ATTRIB | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_MOVE | IN_CLOSE)
static void test(void)
{
    in = SC(inotify_init1, IN_NONBLOCK);
    put_file("a", "", 0644), put_file("b", "", 0644), link("b", "b2"), put_file("c", "", 0644), put_file("x", "", 0644), mkdir("d", 0755), mkdir("d/e", 0755);
    R(SC(inotify_add_watch, in, "a", LAST)), R(SC(inotify_add_watch, in, "b", LAST)), R(SC(inotify_add_watch, in, "b2", LAST)), R(SC(inotify_add_watch, in, "c", LAST)), R(SC(inotify_add_watch, in, "d", LAST)), R(SC(inotify_add_watch, in, "d/e", LAST)), R(SC(inotify_add_watch, in, "x", LAST));
    DO(unlink("a")); R(SC(inotify_rm_watch, in, 1)); DO(unlink("b")); DO(unlink("b2"));
    int f = open("c", O_RDONLY), g;
    DO(unlink("c")); DO(g = dup(f)); DO(close(f)); DO(close(g));
    f = open("d/e", O_RDONLY);
    DO(rename("d/e", "d/e2")); DO(rmdir("d/e2")); DO(close(f)); DO(rmdir("d"));
    put_file("y", "", 0644); DO(rename("y", "x")); DO(unlink("x"));
    put_file("z", "", 0644); R(SC(inotify_add_watch, in, "z", LAST)); R(SC(inotify_rm_watch, in, 7)), show("rm_watch");
    pid_t p;
    CHILD(p) { close(open("z", O_RDONLY)), unlink("z"); }
    waitpid(p, 0, 0), show("by a child");
    // A running program's end
    mkdir("w", 0755); R(SC(inotify_add_watch, in, "w", LAST | IN_ONLYDIR)); DO(rename("w", "w2")); DO(rmdir("w2"));
}
