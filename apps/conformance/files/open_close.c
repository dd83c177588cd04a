// SPDX-License-Identifier: MPL-2.0
// open, openat, creat and close: flags, lowest descriptor, and the order in which Linux checks for errors.
// Covers: open openat creat close umask
#include "../conf.h"
static void test(void)
{
    char b[64];
    R(SC(open, "none", O_RDONLY));
    R(SC(open, "a", O_RDWR | O_CREAT, 0644));
    R(SC(open, "a", O_RDONLY));
    R(SC(close, 3));
    R(SC(open, "a", O_WRONLY)); // takes the lowest free number
    R(SC(close, 3));
    R(SC(close, 3));
    R(SC(close, -1));
    R(SC(close, 100000));
    R(SC(open, "a", O_RDWR | O_CREAT | O_EXCL, 0644));
    R(SC(open, "a/", O_RDONLY));
    R(SC(open, "a/b", O_RDONLY));
    R(SC(open, "none/", O_RDWR | O_CREAT, 0644));
    R(SC(open, "a", O_RDONLY | O_DIRECTORY));
    R(SC(open, ".", O_RDWR));
    R(SC(open, ".", O_RDONLY | O_CREAT, 0644));
    R(SC(open, "", O_RDONLY));
    R(SC(open, "", O_RDWR | O_CREAT, 0644));
    R(SC(open, BAD, O_RDONLY));
    R(SC(open, "x", O_RDONLY | O_CREAT | O_DIRECTORY, 0644));
    char longname[300];
    memset(longname, 'n', 299), longname[299] = 0;
    R(SC(open, longname, O_RDWR | O_CREAT, 0644));
    longname[255] = 0;
    OK(SC(open, longname, O_RDWR | O_CREAT, 0644));
    char *longpath = malloc(5000);
    for (int i = 0; i < 4999; i++)
        longpath[i] = i & 1 ? '/' : '.';
    longpath[4999] = 0;
    R(SC(open, longpath, O_RDONLY));
    longpath[4095] = 0;
    OK(SC(open, longpath, O_RDONLY));
    int d = open(".", O_RDONLY | O_DIRECTORY);
    OK(SC(openat, d, "a", O_RDWR));
    R(SC(openat, 100, "a", O_RDWR));
    OK(SC(openat, 100, "/", O_RDONLY));
    int f = open("a", O_RDONLY);
    R(SC(openat, f, "a", O_RDWR));
    R(SC(openat, f, "", O_RDWR));
    OK(SC(creat, "c", 0600));
    R(SC(creat, "c/d", 0600));
    put_file("t", "some text", 0644);
    V(get_file("t", b, sizeof b));
    OK(SC(open, "t", O_RDONLY | O_TRUNC));
    V(get_file("t", b, sizeof b)); // O_TRUNC acts with O_RDONLY too
    put_file("t", "more", 0644);
    OK(SC(creat, "t", 0600));
    V(get_file("t", b, sizeof b));
    // The mode of a new file, through the umask; a set-id bit stays.
    struct stat st;
    SC(umask, 027);
    close(open("m1", O_CREAT | O_WRONLY, 0777));
    stat("m1", &st), say("m1 %o", st.st_mode);
    R(SC(umask, 0777 | 07000));
    R(SC(umask, 022));
    close(open("m2", O_CREAT | O_WRONLY, 04755));
    stat("m2", &st), say("m2 %o", st.st_mode);
    // A file made without write permission can be written through the descriptor that made it.
    int w = open("ro", O_CREAT | O_WRONLY, 0400);
    R(write(w, "x", 1));
    int n = open("a", 3); // access mode 3: neither reading nor writing
    R(read(n, b, 1));
    R(write(n, b, 1));
}
