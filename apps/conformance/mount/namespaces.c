// SPDX-License-Identifier: MPL-2.0
// unshare: a copy of the mounts, of the working directory and of the descriptors; binds with what is below them.
// Covers: unshare mount umount2
#include "../conf.h"
#include <sys/mount.h>
static struct gate up, down;
static void user(void) { R(unshare(CLONE_NEWNS)), R(unshare(CLONE_FS)), R(unshare(CLONE_FILES)); }
static int child(void *a)
{
    R(unshare(CLONE_FS)), R(chdir("m"));
    return *(int *)a;
}
static void test(void)
{
    char b[100];
    mkdir("m", 0755), mkdir("n", 0755), put_file("m/under", "u", 0644);
    up = gate_make(), down = gate_make();
    mount("x", "n", "tmpfs", 0, 0), put_file("n/shared", "s", 0644);
    pid_t p;
    CHILD(p) {
        R(unshare(CLONE_NEWNS)), R(mount(0, "/", 0, MS_REC | MS_PRIVATE, 0));
        R(mount("y", "m", "tmpfs", 0, 0)), R(put_file("m/private", "p", 0644)), R(access("m/under", F_OK)), R(get_file("n/shared", b, 100)), R(umount("n")), R(access("n/shared", F_OK));
        R(access("m/../n", F_OK)), R(readlink("/proc/self/exe", b, 1)), say("exe %c", b[0]), getcwd(b, 100), say("cwd %d", b[0] == '/');
        gate_open(up), gate_wait(down);
    }
    gate_wait(up), R(access("m/private", F_OK)), R(access("m/under", F_OK)), R(access("n/shared", F_OK)), gate_open(down), reap("child", p);
    R(rmdir("m")), R(unlink("m/under")), R(rmdir("m")), mkdir("m", 0755);
    // The working directory is a process's own after unshare(CLONE_FS).
    static char stack[65536];
    int seven = 7, st;
    p = clone(child, stack + sizeof stack, CLONE_FS | SIGCHLD, &seven), waitpid(p, &st, 0), say("%s", status_text(st)), R(access("m", F_OK));
    R(unshare(0)), R(unshare(CLONE_FS | CLONE_FILES)), R(unshare(CLONE_THREAD)), R(unshare(CLONE_VM)), R(unshare(0x1));
    // Binding with and without what is mounted below
    mkdir("n/sub", 0755), mount("z", "n/sub", "tmpfs", 0, 0), put_file("n/sub/deep", "d", 0644);
    R(mount("n", "m", 0, MS_BIND, 0)), R(access("m/sub/deep", F_OK)), R(umount("m"));
    R(mount("n", "m", 0, MS_BIND | MS_REC, 0)), R(access("m/sub/deep", F_OK)), R(umount("m")), R(umount("m/sub")), R(umount("m"));
    R(mount("n/sub", "m", 0, MS_BIND, 0)), R(get_file("m/deep", b, 100)), R(umount("n/sub")), R(get_file("m/deep", b, 100)), R(umount("m"));
    R(mount(0, "n", 0, MS_PRIVATE, 0)), R(mount(0, "n/shared", 0, MS_PRIVATE, 0)), R(mount(0, "m", 0, MS_BIND, 0)), R(mount("", "m", 0, MS_BIND, 0));
    umount("n");
    chmod(".", 0777);
    as_user(1000, user);
}
