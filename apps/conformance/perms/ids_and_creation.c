// SPDX-License-Identifier: MPL-2.0
// Which owner and mode new files get: umask, effective ids, file-system ids, set-group-id folders, sticky deletion.
// Covers: umask setfsuid setfsgid open mkdir mknod mknodat
#include "../conf.h"
static void show(const char *p)
{
    struct stat s;
    if (lstat(p, &s))
        say("%s: %s", p, ename(errno));
    else
        say("%s: %o %d:%d", p, s.st_mode, s.st_uid, s.st_gid);
}
static void fsids(void)
{
    R(SC(setfsuid, 500));
    R(SC(setfsuid, 500)); // gives the previous one
    R(SC(setfsuid, -1));
    R(SC(setfsgid, 600));
    R(SC(setfsgid, -1));
    R(put_file("by_fs", "", 0666)), show("by_fs");
    R(open("secret", O_RDONLY)); // root's capabilities over files are gone with the fsuid
    R(SC(setfsuid, 0));
    OK(open("secret", O_RDONLY));
    say("euid %d", geteuid());
}
static void sticky(void)
{
    R(unlink("tmp/roots"));
    R(rename("tmp/roots", "tmp/x"));
    R(unlink("tmp/mine"));
    R(put_file("tmp/new", "", 0640)), show("tmp/new");
    R(mkdir("share/d", 0755)), show("share/d");
    R(put_file("share/f", "", 02755)), show("share/f");
    R(SC(mknod, "tmp/dev", S_IFCHR | 0666, 0x103));
    R(SC(mknod, "tmp/fifo", S_IFIFO | 0666, 0)), show("tmp/fifo");
    R(SC(mknod, "tmp/reg", S_IFREG | 0644, 0)), show("tmp/reg");
    R(SC(mknod, "tmp/sock", S_IFSOCK | 0644, 0)), show("tmp/sock");
    R(SC(setfsuid, 0)), R(SC(setfsuid, 0)); // refused, silently
}
static void test(void)
{
    pid_t c;
    umask(0);
    mkdir("tmp", 01777), mkdir("share", 02777), chown("share", 0, 50), chmod("share", 02777);
    put_file("tmp/roots", "", 0666), put_file("tmp/mine", "", 0666), chown("tmp/mine", 1000, 1000);
    put_file("secret", "", 0600), chmod(".", 0777);
    for (int m = 0; m < 01000; m += 0111) {
        char n[16];
        sprintf(n, "u%03o", m);
        umask(m), put_file(n, "", 0666), show(n);
    }
    umask(0);
    R(SC(mknod, "c", S_IFCHR | 0622, 0x501)), show("c");
    R(SC(mknod, "b", S_IFBLK | 0622, 0x101)), show("b");
    R(SC(mknod, "plain", 0600, 0)), show("plain");
    R(SC(mknod, "d", S_IFDIR | 0755, 0));
    R(SC(mknod, "l", S_IFLNK | 0755, 0));
    R(SC(mknod, "odd", 0170000 | 0755, 0));
    R(SC(mknod, "c", S_IFIFO | 0622, 0));
    R(SC(mknod, "none/c", S_IFIFO | 0622, 0));
    R(SC(mknod, BAD, S_IFIFO | 0622, 0));
    R(SC(mknodat, open("tmp", O_RDONLY), "p", S_IFIFO | 0600, 0)), show("tmp/p");
    R(SC(mknodat, 99, "p", S_IFIFO | 0600, 0));
    CHILD(c) { fsids(); }
    reap("fsids", c);
    as_user(1000, sticky);
}
