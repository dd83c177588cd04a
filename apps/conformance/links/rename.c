// SPDX-License-Identifier: MPL-2.0
// rename, renameat, renameat2: replacing, kinds, subtrees, flags, errors in order.
// Covers: rename renameat renameat2
#include "../conf.h"
static void other(void)
{
    R(SC(rename, "sticky/x", "sticky/y"));
    R(SC(rename, "ro/x", "x"));
    R(SC(rename, "open/x", "open/y"));
}
static void test(void)
{
    char b[32];
    struct stat s, t;
    put_file("a", "A", 0644), put_file("b", "B", 0644), mkdir("d", 0755), mkdir("e", 0755), mkdir("d/in", 0755);
    put_file("e/f", "", 0644), symlink("a", "s");
    stat("a", &s);
    R(SC(rename, "a", "b"));
    stat("b", &t), say("same inode: %d", s.st_ino == t.st_ino);
    R(get_file("b", b, 32)), S(b);
    R(SC(rename, "a", "b"));
    R(SC(rename, "b", "b"));
    link("b", "b2");
    R(SC(rename, "b", "b2")); // two names of one file: nothing happens
    R(access("b", F_OK));
    R(SC(rename, "b", "d"));
    R(SC(rename, "d", "b"));
    R(SC(rename, "d", "e"));
    R(SC(rename, "d", "d/in/x"));
    R(SC(rename, "d", "d/x"));
    R(SC(rename, "d/in", "d"));
    R(SC(rename, "d/in", "d/in"));
    R(SC(rename, "none", "x"));
    R(SC(rename, "b", "none/x"));
    R(SC(rename, "none/x", "none2/x"));
    R(SC(rename, "b/x", "y"));
    R(SC(rename, "b", "b2/y"));
    R(SC(rename, "", "y"));
    R(SC(rename, "b", ""));
    R(SC(rename, "d", "."));
    R(SC(rename, "d/.", "y"));
    R(SC(rename, "d/..", "y"));
    R(SC(rename, "/", "y"));
    R(SC(rename, "b", "y/"));
    R(SC(rename, "d", "newd/"));
    R(SC(rename, BAD, "y"));
    R(SC(rename, "b", BAD));
    R(SC(rename, "b", "/proc/x"));
    mkdir("empty", 0755), unlink("e/f");
    R(SC(rename, "newd", "e")); // an empty directory is replaced
    stat("e", &s), V(s.st_nlink);
    stat(".", &s), V(s.st_nlink);
    R(SC(rename, "s", "s2"));
    R(readlink("s2", b, 32));
    // Moving a directory changes its ..
    int in = open("e/in", O_RDONLY);
    R(SC(rename, "e/in", "empty/in"));
    fstatat(in, "..", &s, 0), stat("empty", &t), say(".. follows: %d", s.st_ino == t.st_ino);
    int d1 = open("e", O_RDONLY), d2 = open("empty", O_RDONLY);
    put_file("e/q", "q", 0644);
    R(SC(renameat, d1, "q", d2, "r"));
    R(SC(renameat, d1, "q", d2, "r"));
    R(SC(renameat, 99, "q", d2, "r"));
    R(SC(renameat, d2, "r", 99, "r"));
    // Flags: 1 no replace, 2 exchange
    put_file("x", "X", 0644), put_file("y", "YY", 0644);
    R(SC(renameat2, AT_FDCWD, "x", AT_FDCWD, "y", 1));
    R(SC(renameat2, AT_FDCWD, "x", AT_FDCWD, "z", 1));
    R(SC(renameat2, AT_FDCWD, "z", AT_FDCWD, "y", 2));
    R(get_file("z", b, 32));
    R(SC(renameat2, AT_FDCWD, "z", AT_FDCWD, "none", 2));
    R(SC(renameat2, AT_FDCWD, "z", AT_FDCWD, "empty", 2));
    stat("z", &s), V(S_ISDIR(s.st_mode));
    R(SC(renameat2, AT_FDCWD, "z", AT_FDCWD, "y", 3));
    R(SC(renameat2, AT_FDCWD, "z", AT_FDCWD, "y", 0x100));
    // An open file that is replaced lives on.
    int fd = open("y", O_RDONLY);
    R(SC(rename, "b", "y"));
    fstat(fd, &s), say("nlink %ld", (long)s.st_nlink);
    R(read(fd, b, 32));
    // Rights
    umask(0), chmod(".", 0777), mkdir("sticky", 01777), put_file("sticky/x", "", 0666), mkdir("ro", 0755), put_file("ro/x", "", 0666);
    mkdir("open", 0777), put_file("open/x", "", 0600);
    as_user(1000, other);
}
