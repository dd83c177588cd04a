// SPDX-License-Identifier: MPL-2.0
// symlink, symlinkat, readlink, readlinkat: following, loops, truncation, links in the middle of paths.
// Covers: symlink symlinkat readlink readlinkat
#include "../conf.h"
static void test(void)
{
    char b[128];
    put_file("f", "data", 0644), mkdir("d", 0755), put_file("d/g", "in d", 0644);
    R(SC(symlink, "f", "s"));
    R(SC(symlink, "f", "s"));
    R(SC(symlink, "", "e"));
    R(SC(symlink, "f", ""));
    R(SC(symlink, "f", "none/x"));
    R(SC(symlink, "f", "f/x"));
    R(SC(symlink, "f", "new/"));
    R(SC(symlink, BAD, "x"));
    R(SC(symlink, "x", BAD));
    char *l = malloc(5000);
    memset(l, 'l', 5000), l[4999] = 0;
    R(SC(symlink, l, "long"));
    l[4095] = 0;
    R(SC(symlink, l, "long"));
    l[4094] = 0;
    R(SC(symlink, l, "long2"));
    R(get_file("s", b, sizeof b)), S(b);
    memset(b, '#', sizeof b);
    R(SC(readlink, "s", b, sizeof b));
    B(b, 3); // no terminating zero
    symlink("a/long/target", "t");
    R(SC(readlink, "t", b, 4)), B(b, 5);
    R(SC(readlink, "t", b, 0));
    R(SC(readlink, "t", b, -1));
    R(SC(readlink, "f", b, 10));
    R(SC(readlink, "d", b, 10));
    R(SC(readlink, "none", b, 10));
    R(SC(readlink, "s/", b, 10));
    R(SC(readlink, "", b, 10));
    R(SC(readlink, "t", BAD, 10));
    R(SC(readlink, "none", b, -1));
    int d = open("d", O_RDONLY);
    R(SC(symlinkat, "g", d, "sg"));
    R(SC(symlinkat, "g", 99, "sg"));
    R(SC(symlinkat, "g", open("f", O_RDONLY), "sg"));
    R(SC(readlinkat, d, "sg", b, 10));
    R(SC(readlinkat, d, "g", b, 10));
    R(SC(readlinkat, d, "", b, 10));
    R(SC(readlinkat, 99, "g", b, 10));
    int o = open("s", O_PATH | O_NOFOLLOW);
    R(SC(readlinkat, o, "", b, 10));
    R(open("s", O_RDONLY | O_NOFOLLOW));
    // A directory through a link
    symlink("d", "sd"), symlink("sd/g", "via");
    R(get_file("sd/g", b, 20)), R(get_file("via", b, 20)), R(get_file("sd/../f", b, 20));
    R(open("sd", O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    OK(open("sd/", O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    // Creating through a dangling link
    symlink("made", "dangling");
    R(open("dangling", O_RDONLY));
    R(open("dangling", O_CREAT | O_EXCL | O_RDWR, 0644));
    OK(open("dangling", O_CREAT | O_RDWR, 0644));
    R(access("made", F_OK));
    // Loops, and chains of 40
    symlink("l2", "l1"), symlink("l1", "l2"), symlink("self", "self");
    R(open("l1", O_RDONLY));
    R(open("self/x", O_RDONLY));
    char n[16], m[16];
    strcpy(m, "f");
    for (int i = 0; i < 42; i++)
        sprintf(n, "chain%d", i), symlink(m, n), strcpy(m, n);
    OK(open("chain39", O_RDONLY));
    R(open("chain40", O_RDONLY));
    // An absolute link, an empty component, "." and many slashes
    sprintf(b, "%s/f", conf_dir);
    symlink(b, "abs");
    R(get_file("abs", b, 20));
    R(get_file(".//.///f", b, 20));
}
