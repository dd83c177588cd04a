// SPDX-License-Identifier: MPL-2.0
// Mounting proc, devtmpfs, devpts and binds; what /proc/mounts tells; mount points and rights.
// Covers: mount umount2
#include "../conf.h"
#include <sys/mount.h>
static char text[65536];
static int found(const char *end)
{
    char want[300];
    snprintf(want, sizeof want, " %s/%s", conf_dir, end);
    get_file("/proc/mounts", text, sizeof text);
    return strstr(text, want) != 0;
}
static void options(const char *dir)
{
    char want[300];
    snprintf(want, sizeof want, " %s/%s ", conf_dir, dir);
    get_file("/proc/mounts", text, sizeof text);
    char *p = strstr(text, want);
    if (!p)
        say("%s: not mounted", dir);
    else
        say("%s: %.*s", dir, (int)strcspn(p + strlen(want), ",\n"), p + strlen(want));
}
static void user(void) { R(mount("x", "m", "tmpfs", 0, 0)), R(umount("m")), R(mount("m", "n", 0, MS_BIND, 0)); }
static void test(void)
{
    char b[100];
    struct stat s, t;
    mkdir("m", 0755), mkdir("n", 0755), put_file("file", "content", 0644), put_file("target", "", 0644);
    R(mount("proc", "m", "proc", 0, 0)), R(access("m/self/stat", R_OK)), options("m"), R(umount("m"));
    R(mount("dev", "m", "devtmpfs", 0, 0)), stat("m/null", &s), stat("/dev/null", &t), say("the same devtmpfs %d", s.st_ino == t.st_ino && s.st_dev == t.st_dev), R(umount("m"));
    R(mount("pts", "m", "devpts", 0, "newinstance,ptmxmode=0666,mode=0620,gid=5"));
    int master = open("m/ptmx", O_RDWR | O_NOCTTY), n = -1, zero = 0;
    OK(master), R(ioctl(master, TIOCGPTN, &n)), V(n), ioctl(master, TIOCSPTLCK, &zero), R(stat("m/0", &s)), say("%o gid %d", s.st_mode, s.st_gid), close(master), R(umount("m"));
    R(mount("source name", "m", "tmpfs", MS_NOSUID | MS_RELATIME, "mode=1777")), say("in mounts %d", found("m tmpfs rw,nosuid,relatime")), options("m"), R(umount("m")), say("gone %d", !found("m "));
    R(mount("a b\tc\\", "m", "tmpfs", 0, 0)), get_file("/proc/mounts", text, sizeof text), say("escaped %d", strstr(text, "a\\040b\\011c\\134 ") != 0), umount("m");
    // Binds: a folder, a file, the same files
    put_file("n/x", "in n", 0644);
    R(mount("n", "m", 0, MS_BIND, 0)), R(get_file("m/x", b, 100)), stat("n/x", &s), stat("m/x", &t), say("the same file %d", s.st_ino == t.st_ino && s.st_dev == t.st_dev);
    R(rename("m/x", "n/y")), R(link("m/x", "n/y")), R(put_file("m/z", "", 0644)), R(access("n/z", F_OK));
    R(mount(0, "m", 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0)), R(put_file("m/w", "", 0644)), R(put_file("n/w", "", 0644)), R(umount("m"));
    R(mount("file", "target", 0, MS_BIND, 0)), R(get_file("target", b, 100)), R(unlink("target")), R(umount("target")), R(get_file("target", b, 100)), R(unlink("target"));
    R(mount("file", "m", 0, MS_BIND, 0)), R(mount("n", "file", 0, MS_BIND, 0)), R(mount("none", "m", 0, MS_BIND, 0));
    // Moving
    mount("x", "m", "tmpfs", 0, 0), put_file("m/moved", "", 0644), mkdir("to", 0755);
    R(mount("m", "to", 0, MS_MOVE, 0) == 0 || errno == EINVAL); // not below shared mounts
    umount("to"), umount("m");
    R(mount("n", "to", 0, MS_MOVE, 0));
    chmod(".", 0777);
    as_user(1000, user);
}
