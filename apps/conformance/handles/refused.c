// SPDX-License-Identifier: MPL-2.0
// File handles: bad arguments, file systems without handles, rights.
// Covers: name_to_handle_at open_by_handle_at
#include "handles.h"
#include <sys/mount.h>
#include <sys/prctl.h>
#include <linux/capability.h>
static struct handle file, dir;
static int root, id;
static void caps(unsigned a)
{
    struct __user_cap_header_struct hd = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct d[2] = {{a, a, 0}, {0, 0, 0}};
    R(SC(capset, &hd, d));
}
static void opens(void)
{
    R(by_handle(root, &file, O_RDONLY) >= 0), R(by_handle(root, &dir, O_RDONLY) >= 0), R(by_handle(root, &dir, O_RDONLY | O_DIRECTORY) >= 0), R(by_handle(root, &file, O_RDONLY | O_DIRECTORY) >= 0), R(by_handle(root, &dir, O_PATH | O_DIRECTORY) >= 0), R(by_handle(-1, &file, 0)), R(by_handle(root, BAD, 0)), R(by_handle(root, &file, O_WRONLY) >= 0);
    struct handle h;
    h.bytes = 128, R(name_of(AT_FDCWD, "secret", &h, &id, 0)), R(name_of(AT_FDCWD, "closed/x", &h, &id, 0));
}
static void with(const char *what, const char *path, int flags)
{
    struct handle h;
    memset(&h, 0, sizeof h), h.bytes = 128;
    int fd = open(path, O_PATH);
    long r = name_of(AT_FDCWD, path, &h, &id, flags);
    say("%s %d: %s bytes %d type %#x", what, flags, r ? ename(errno) : "ok", h.bytes, h.type);
    if (r == 0)
        R(by_handle(fd, &h, O_RDONLY) >= 0);
    h.bytes = 8, r = name_of(AT_FDCWD, path, &h, &id, flags), say("%s %d: %s bytes %d", what, flags, r ? ename(errno) : "ok", h.bytes);
    close(fd);
}
static void test(void)
{
    struct handle h;
    int p[2], ev = SC(eventfd2, 0, 0);
    unsigned long wide = 1;
    pipe(p);
    mkdir("t", 0755), mount("t", "t", "tmpfs", 0, 0), chdir("t"), root = open(".", O_RDONLY);
    R(put_file("secret", "x", 0600)), R(mkdir("closed", 0700)), R(put_file("closed/x", "y", 0644)), R(take_name("secret", &file)), R(take_name("closed", &dir));
    for (int f = 1; f < 0x8000; f *= 2)
        h.bytes = 128, RT("flag", name_of(AT_FDCWD, "secret", &h, (int *)&wide, f));
    h.bytes = 128, R(name_of(AT_FDCWD, "none", &h, &id, 0)), R(name_of(AT_FDCWD, "", &h, &id, 0)), R(name_of(-1, "secret", &h, &id, 0)), R(name_of(-1, "", &h, &id, AT_EMPTY_PATH)), R(name_of(AT_FDCWD, "", &h, &id, AT_EMPTY_PATH)), R(name_of(AT_FDCWD, 0, &h, &id, AT_EMPTY_PATH));
    R(name_of(AT_FDCWD, BAD, &h, &id, 0)), R(name_of(AT_FDCWD, "secret", BAD, &id, 0)), R(name_of(AT_FDCWD, "secret", &h, BAD, 0)), R(name_of(AT_FDCWD, "secret", &h, BAD, 1)), R(name_of(AT_FDCWD, "none", BAD, &id, 0x8000)), R(name_of(AT_FDCWD, "none", BAD, &id, 0));
    h.bytes = 129, R(name_of(AT_FDCWD, "secret", &h, &id, 0)), h.bytes = -1, R(name_of(AT_FDCWD, "secret", &h, &id, 0)), h.bytes = 15, R(name_of(AT_FDCWD, "secret", &h, &id, 0)), V(h.bytes);
    h.bytes = 0, R(name_of(AT_FDCWD, "secret", &h, BAD, 0)), V(h.bytes);
    wide = 0, h.bytes = 128, R(name_of(AT_FDCWD, "secret", &h, (int *)&wide, 1)), V(wide >> 31 != 0), h.bytes = 128, R(name_of(AT_FDCWD, "closed", &h, &id, 0));
    with("proc", "/proc", 0), with("proc", "/proc/self/stat", 0x200), with("pts", "/dev/pts", 0), with("pts", "/dev/pts", 0x200), with("dev", "/dev/null", 0), with("sys", "/sys", 0), with("root", "/", 0), with("tmpfs", "closed", 0x200), with("magic", "/proc/self/fd/0", 0);
    h.bytes = 128, R(name_of(p[0], "", &h, &id, AT_EMPTY_PATH)), R(name_of(p[0], "", &h, &id, AT_EMPTY_PATH | 0x200)), V(h.bytes), X(h.type), h.bytes = 128, R(name_of(ev, "", &h, &id, AT_EMPTY_PATH)), R(name_of(ev, "", &h, &id, AT_EMPTY_PATH | 0x200)), V(h.bytes), X(h.type), R(by_handle(p[0], &file, 0)), R(by_handle(ev, &file, 0));
    say("opening");
    R(by_handle(-1, &file, 0)), R(by_handle(AT_FDCWD, &file, 0) >= 0), R(by_handle(root, BAD, 0)), R(by_handle(root, 0, 0)), R(by_handle(-1, BAD, 0));
    h = file, h.bytes = 0, R(by_handle(root, &h, 0)), h.bytes = 129, R(by_handle(root, &h, 0)), h.bytes = -1, R(by_handle(root, &h, 0)), h.bytes = 8, R(by_handle(root, &h, 0)), h.bytes = 11, R(by_handle(root, &h, 0)), h.bytes = 13, R(by_handle(root, &h, 0) >= 0), h.bytes = 128, R(by_handle(root, &h, 0) >= 0);
    h = file, h.type = 2, R(by_handle(root, &h, 0) >= 0), h.type = 0, R(by_handle(root, &h, 0) >= 0), h.type = 255, R(by_handle(root, &h, 0) >= 0), h.type = -1, R(by_handle(root, &h, 0) >= 0), h.type = 0x10001, R(by_handle(root, &h, 0) >= 0);
    h = file, h.data[0] ^= 1, R(by_handle(root, &h, 0)), h = file, h.data[11] = 0x80, R(by_handle(root, &h, 0)), h = file, h.data[5] ^= 0xf0, R(by_handle(root, &h, 0));
    R(by_handle(root, &file, O_CREAT) >= 0), R(by_handle(root, &file, O_CREAT | O_EXCL) >= 0), R(by_handle(root, &file, O_TRUNC | O_WRONLY) >= 0), R(by_handle(root, &file, O_DIRECTORY) >= 0), R(by_handle(root, &dir, O_WRONLY) >= 0), R(by_handle(root, &dir, O_TMPFILE | O_RDWR) >= 0), R(by_handle(root, &file, 0x40000000) >= 0), R(by_handle(root, &file, O_NOFOLLOW) >= 0);
    mkdir("u", 0755), mount("u", "u", "tmpfs", 0, 0);
    int other = open("u", O_RDONLY);
    R(by_handle(other, &file, 0));
    mkdir("v", 0755), mount("closed", "v", 0, MS_BIND, 0);
    int bound = open("v", O_RDONLY), fd = OK(by_handle(bound, &file, 0));
    link_of(fd), R(mount(0, "v", 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0)), R(by_handle(bound, &file, O_WRONLY) >= 0), R(by_handle(bound, &file, O_RDONLY) >= 0), close(bound), umount2("v", MNT_DETACH), umount2("u", MNT_DETACH);
    fd = by_handle(root, &file, O_RDONLY | O_CLOEXEC), R(fcntl(fd, F_GETFD)), X(fcntl(fd, F_GETFL)), X(fcntl(by_handle(root, &file, O_RDWR | O_APPEND | O_NONBLOCK), F_GETFL));
    as_user(1000, opens);
    pid_t c;
    CHILD(c) { prctl(PR_SET_KEEPCAPS, 1), SC(setresuid, 1000, 1000, 1000), caps(1 << CAP_DAC_READ_SEARCH), opens(); }
    reap("reader", c);
    CHILD(c) { prctl(PR_SET_KEEPCAPS, 1), SC(setresuid, 1000, 1000, 1000), caps(1 << CAP_SYS_ADMIN), opens(); }
    reap("administrator", c);
    chdir(".."), umount2("t", MNT_DETACH);
}
