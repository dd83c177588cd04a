// SPDX-License-Identifier: MPL-2.0
// What only root may do, as a user; reboot with wrong numbers; calls Linux does not have.
// Covers: reboot chroot mount umount2 sethostname setpriority mknod
#include "../conf.h"
static void user(void)
{
    R(SC(reboot, 0xfee1dead, 672274793, 0x4321fedc, 0)), R(SC(reboot, 0, 0, 0, 0)), R(SC(reboot, 0xfee1dead, 672274793, 0, 0)), R(SC(chroot, "/")), R(SC(mount, "x", "/tmp", "tmpfs", 0, 0)), R(SC(umount2, "/proc", 0));
    R(SC(sethostname, "x", 1)), R(SC(setpriority, 0, 0, -1)), R(SC(mknod, "/tmp/conf-dev", S_IFBLK | 0600, 0x100)), R(SC(setuid, 0)), R(SC(setgroups, 0, 0));
}
static void test(void)
{
    R(SC(reboot, 0, 0, 0, 0)), R(SC(reboot, 0xfee1dead, 0, 0, 0)), R(SC(reboot, 0xfee1dead, 672274793, 0x12345678, 0));
    R(SC(reboot, 0, 672274793, 0, 0)); // the first number is checked too
    R(SC(reboot, 0xfee1dead, 672274793, 0, 0)); // what Ctrl-Alt-Del does: only init is told
    as_user(1000, user);
    long numbers[] = {174, 177, 178, 180, 181, 182, 183, 184, 185, 205, 211, 214, 215, 236, 400, 423, 511, 600, 1000, 100000, -1, -4096, 1l << 40 | 39};
    for (size_t i = 0; i < ARRAY(numbers); i++) {
        char t[32];
        sprintf(t, "call %ld", numbers[i]);
        errno = 0;
        long r = syscall(numbers[i], 0, 0, 0, 0, 0, 0);
        say("%s: %s", t, r == -1 ? ename(errno) : "did something");
    }
    // The 32-bit numbers' bit
    R(syscall(0x40000000 | 39));
}
