// SPDX-License-Identifier: MPL-2.0
// name_to_handle_at and open_by_handle_at: files found again without their names.
// Covers: name_to_handle_at open_by_handle_at
#include "handles.h"
#include <sys/mount.h>
static void test(void)
{
    struct handle h, g;
    char b[64];
    int id = -1;
    mkdir("t", 0755), mount("t", "t", "tmpfs", 0, 0), chdir("t");
    R(put_file("f", "hello", 0644)), R(mkdir("d", 0755)), R(mkdir("d/e", 0755)), R(put_file("d/e/g", "deep", 0600)), R(symlink("f", "l")), R(mkfifo("p", 0600));
    int root = open(".", O_RDONLY);
    h.bytes = 0;
    R(name_of(AT_FDCWD, "f", &h, &id, 0)), V(h.bytes), V(id >= 0);
    struct handle over = h;
    over.bytes = 11, R(name_of(AT_FDCWD, "f", &over, &id, 0)), V(over.bytes);
    R(take_name("f", &h)), V(h.bytes), V(h.type);
    R(take_name("f", &g)), V(memcmp(&g, &h, 20) == 0);
    int fd = OK(by_handle(root, &h, O_RDWR));
    memset(b, 0, sizeof b), R(read(fd, b, sizeof b)), S(b), R(same(fd, "f")), link_of(fd);
    R(link("f", "d/f2")), R(unlink("f")), fd = OK(by_handle(root, &h, O_RDONLY)), R(same(fd, "d/f2")), link_of(fd);
    R(rename("d/f2", "d/e/f3")), fd = OK(by_handle(root, &h, O_RDONLY)), link_of(fd), R(unlink("d/e/f3"));
    int again = OK(by_handle(root, &h, O_RDWR)); // some descriptor holds it
    R(read(again, b, sizeof b)), R(close(again));
    for (int i = 3; i < 40; i++)
        if (i != root)
            close(i);
    R(by_handle(root, &h, O_RDONLY));
    say("directories");
    R(take_name("d/e", &h)), V(h.bytes), V(h.type);
    fd = OK(by_handle(root, &h, O_RDONLY | O_DIRECTORY)), link_of(fd), R(openat(fd, "g", O_RDONLY) >= 0), R(openat(fd, "../../l", O_RDONLY) >= 0), R(fchdir(fd)), S(getcwd(b, sizeof b) + strlen(conf_dir)), R(chdir("../.."));
    R(rename("d", "x")), fd = OK(by_handle(root, &h, O_PATH)), link_of(fd), R(rename("x/e", "e")), link_of(fd), fd = OK(by_handle(root, &h, O_RDONLY)), link_of(fd);
    R(unlink("e/g")), R(rmdir("e")), fd = OK(by_handle(root, &h, O_RDONLY)), close(fd);
    for (int i = 3; i < 40; i++)
        if (i != root)
            close(i);
    R(by_handle(root, &h, O_RDONLY));
    R(take_name(".", &h)), fd = OK(by_handle(root, &h, O_RDONLY)), link_of(fd);
    say("links, fifos");
    R(put_file("f", "hello", 0644)), R(take_name("l", &h)), R(name_of(AT_FDCWD, "l", &g, &id, AT_SYMLINK_FOLLOW)), R(by_handle(root, &h, O_RDONLY)), fd = OK(by_handle(root, &h, O_PATH)), b[readlinkat(fd, "", b, 60)] = 0, S(b), R(by_handle(root, &h, O_PATH | O_NOFOLLOW) >= 0);
    fd = OK(by_handle(root, &g, O_RDONLY)), R(same(fd, "f"));
    mkfifo("q", 0644), R(take_name("q", &h)), INTR(by_handle(root, &h, O_RDONLY));
    R(take_name("p", &h)), OK(by_handle(root, &h, O_RDWR)), R(by_handle(root, &h, O_WRONLY | O_NONBLOCK) >= 0);
    say("nameless");
    fd = open(".", O_TMPFILE | O_RDWR, 0600), g.bytes = 128, R(name_of(fd, "", &g, &id, AT_EMPTY_PATH)), R(name_of(fd, "", &g, &id, 0)), write(fd, "tmp", 3);
    again = OK(by_handle(fd, &g, O_RDWR)), R(read(again, b, 60)), close(again), close(fd), R(by_handle(root, &g, O_RDONLY));
    int m = SC(memfd_create, "m", 0);
    g.bytes = 128, R(name_of(m, "", &g, &id, AT_EMPTY_PATH)), write(m, "memory", 6), again = OK(by_handle(m, &g, O_RDWR)), R(read(again, b, 60)), R(by_handle(root, &g, O_RDONLY));
    chdir(".."), umount2("t", MNT_DETACH);
}
