// SPDX-License-Identifier: MPL-2.0
// mount and umount of tmpfs: options, sizes, covering, busy, lazy, read-only, noexec, errors in order.
// Covers: mount umount2 statfs
#include "../conf.h"
#include <sys/mount.h>
#include <sys/statfs.h>
static void test(void)
{
    char b[64];
    struct stat s, t;
    mkdir("m", 0755), put_file("m/under", "u", 0644), put_file("f", "", 0644);
    stat("m", &s);
    R(SC(mount, "none", "m", "tmpfs", 0, 0)), stat("m", &t), say("another device %d, mode %o", s.st_dev != t.st_dev, t.st_mode & 07777);
    R(access("m/under", F_OK)), R(put_file("m/above", "a", 0644)), R(rmdir("m")), R(rename("m", "n")), R(unlink("m"));
    stat("m/..", &t), stat(".", &s), say(".. leads out %d", s.st_ino == t.st_ino), R(link("m/above", "l")), R(rename("m/above", "l"));
    int fd = open("m/above", O_RDWR);
    R(SC(umount2, "m", 0)), close(fd);
    chdir("m"), R(SC(umount2, "../m", 0)), chdir("..");
    R(SC(umount2, "m", 0)), R(access("m/under", F_OK)), R(access("m/above", F_OK)), R(SC(umount2, "m", 0));
    // Options
    R(SC(mount, "x", "m", "tmpfs", 0, "size=64k,mode=0700,uid=3,gid=4")), stat("m", &s), say("%o %d:%d", s.st_mode, s.st_uid, s.st_gid);
    struct statfs f;
    R(statfs("m", &f)), say("blocks %ld of %ld, type %lx", (long)f.f_blocks, (long)f.f_bsize, (long)f.f_type);
    int big = open("m/big", O_CREAT | O_RDWR, 0644);
    static char data[100000];
    R(write(big, data, sizeof data)), R(write(big, data, 10)), statfs("m", &f), say("free %ld", (long)f.f_bfree);
    R(ftruncate(big, 0)), statfs("m", &f), say("free %ld", (long)f.f_bfree), R(pwrite(big, "x", 1, 1 << 20)), close(big);
    R(SC(mount, 0, "m", 0, MS_REMOUNT, "size=1m")), statfs("m", &f), say("blocks %ld", (long)f.f_blocks);
    R(SC(mount, "x", "m", "tmpfs", 0, "nr_inodes=3")), R(put_file("m/1", "", 0644)), R(put_file("m/2", "", 0644)), R(put_file("m/3", "", 0644)), R(umount("m")), R(umount("m"));
    R(SC(mount, "x", "m", "tmpfs", 0, "size=no")), R(SC(mount, "x", "m", "tmpfs", 0, "nonsense=1"));
    // Flags
    R(SC(mount, "x", "m", "tmpfs", MS_RDONLY, 0)), R(put_file("m/1", "", 0644)), R(open("m/x", O_RDWR | O_CREAT, 0644)), R(mkdir("m/d", 0755)), R(chmod("m", 0700)), R(access("m", W_OK));
    R(SC(mount, 0, "m", 0, MS_REMOUNT, 0)), R(put_file("m/1", "x", 0755)), fd = open("m/1", O_RDWR);
    R(SC(mount, 0, "m", 0, MS_REMOUNT | MS_RDONLY, 0)), close(fd), R(SC(mount, 0, "m", 0, MS_REMOUNT | MS_RDONLY, 0)), R(unlink("m/1")), umount("m");
    R(SC(mount, "x", "m", "tmpfs", MS_NOEXEC | MS_NODEV | MS_NOSUID, 0)), put_file("m/s", "#!/bin/sh\n", 0755), mknod("m/null", S_IFCHR | 0666, 0x103);
    R(execl("m/s", "s", (char *)0)), R(open("m/null", O_RDWR)), R(access("m/s", X_OK)), R(SC(mmap, 0, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, open("m/s", O_RDONLY), 0)), R(umount2("m", MNT_DETACH));
    // Lazy: gone from the tree at once, in use until closed
    mount("x", "m", "tmpfs", 0, 0), put_file("m/a", "lazy", 0644), fd = open("m/a", O_RDONLY);
    R(SC(umount2, "m", MNT_DETACH)), R(access("m/a", F_OK)), R(read(fd, b, 10)), close(fd);
    // One above the other
    mount("x", "m", "tmpfs", 0, 0), put_file("m/first", "", 0644), mount("y", "m", "tmpfs", 0, 0), put_file("m/second", "", 0644);
    R(access("m/first", F_OK)), R(access("m/second", F_OK)), R(umount("m")), R(access("m/first", F_OK)), R(access("m/second", F_OK));
    mkdir("m/sub", 0755), mount("z", "m/sub", "tmpfs", 0, 0), R(umount("m")), R(umount("m/sub")), R(umount("m"));
    // Errors
    R(SC(mount, "x", "none", "tmpfs", 0, 0)), R(SC(mount, "x", "f", "tmpfs", 0, 0)), R(SC(mount, "x", "m", "nofs", 0, 0)), R(SC(mount, "x", "m", 0, 0, 0)), R(SC(mount, BAD, "m", "tmpfs", 0, 0));
    R(SC(mount, "x", BAD, "tmpfs", 0, 0)), R(SC(mount, "x", "m", BAD, 0, 0)), R(SC(mount, "x", "", "tmpfs", 0, 0)), R(SC(mount, 0, "m", 0, MS_REMOUNT, 0));
    R(SC(umount2, "none", 0)), R(SC(umount2, "f", 0)), R(SC(umount2, "m", 0x100)), R(SC(umount2, BAD, 0)), R(SC(umount2, "m", MNT_EXPIRE | MNT_FORCE));
    symlink("m", "link"), mount("x", "m", "tmpfs", 0, 0), R(SC(umount2, "link", UMOUNT_NOFOLLOW)), R(SC(umount2, "link", 0));
}
