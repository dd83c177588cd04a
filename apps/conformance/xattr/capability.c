// SPDX-License-Identifier: MPL-2.0
// security.capability: its forms, when it goes, and what a program that has it may do.
// Covers: setxattr getxattr removexattr
#include "../conf.h"
#include <sys/mount.h>
#include <sys/prctl.h>
#define CAP "security.capability"
static unsigned v2[5], v3[6];
static unsigned *cap2(unsigned flags, unsigned long p, unsigned long i)
{
    v2[0] = 0x02000000 | flags, v2[1] = p, v2[2] = i, v2[3] = p >> 32, v2[4] = i >> 32;
    return v2;
}
static unsigned *cap3(unsigned flags, unsigned long p, unsigned root)
{
    v3[0] = 0x03000000 | flags, v3[1] = p, v3[2] = 0, v3[3] = p >> 32, v3[4] = 0, v3[5] = root;
    return v3;
}
static void show(void)
{
    unsigned b[8] = {0};
    long n = SC(getxattr, "x", CAP, b, sizeof b);
    say("capability: %ld %s %x %x %x %x %x %x", n, n < 0 ? ename(errno) : "", b[0], b[1], b[2], b[3], b[4], b[5]);
}
// What the program prints of itself: it is this program again, with an argument.
static void run(void)
{
    pid_t p = fork();
    if (p == 0) {
        execl("x", "x", (char *)0);
        say("exec: %s", ename(errno));
        _exit(0);
    }
    reap("run", p);
}
static void limited(void)
{
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), run();
}
static void bounded(void) { run(); }
static int self;
static void program(void)
{
    char b[200000];
    int o = open("x", O_WRONLY | O_CREAT | O_TRUNC, 0755);
    lseek(self, 0, SEEK_SET);
    for (long n; (n = read(self, b, sizeof b)) > 0;)
        write(o, b, n);
    close(o);
}
static void unprivileged(void)
{
    R(SC(setxattr, "x", CAP, cap2(1, 1, 0), 20, 0)), R(SC(removexattr, "x", CAP)), show();
    R(SC(setxattr, "x", CAP, "1", 1, 0)), R(SC(setxattr, "x", CAP, "", 0, 0)), run(); // empty: anybody may
}
static void test(void)
{
    if (!strcmp(program_invocation_short_name, "x")) {
        struct { unsigned v; int pid; } h = {0x20080522, 0};
        unsigned c[6];
        SC(capget, &h, c);
        say("effective %x%08x permitted %x%08x inheritable %x%08x secure %d dumpable %d", c[3], c[0], c[4], c[1], c[5], c[2], (int)prctl(PR_GET_SECUREBITS), prctl(PR_GET_DUMPABLE));
        return;
    }
    mkdir("t", 0777), mount("t", "t", "tmpfs", 0, "mode=777");
    self = open("/proc/self/exe", O_RDONLY);
    chdir("t"), program();
    // Form
    R(SC(setxattr, "x", CAP, "", 0, 0)), R(SC(removexattr, "x", CAP)), R(SC(setxattr, "x", CAP, "1", 1, 0)), R(SC(setxattr, "x", CAP, cap2(0, 1, 0), 19, 0)), R(SC(setxattr, "x", CAP, cap2(0, 1, 0), 24, 0)), R(SC(setxattr, "x", CAP, cap3(0, 1, 0), 20, 0));
    v2[0] = 0x01000000, R(SC(setxattr, "x", CAP, v2, 12, 0)), show();
    R(SC(setxattr, "x", CAP, cap2(1, 1ul << 10 | 1ul << 33, 4), 20, 0)), show(), R(SC(getxattr, "x", CAP, 0, 0)), R(SC(getxattr, "x", CAP, v3, 8));
    R(SC(setxattr, "x", CAP, cap3(1, 1, 0), 24, 0)), show(), R(SC(setxattr, "x", CAP, cap3(1, 1, 1000), 24, 0)), show(), as_user(1000, unprivileged);
    // Running
    as_user(1000, bounded); // for the root of another namespace: nothing
    cap2(1, 1ul << 10 | 1ul << 13, 0), SC(setxattr, "x", CAP, v2, 20, 0), as_user(1000, bounded), as_user(1000, limited), run();
    cap2(0, 1ul << 10, 0), SC(setxattr, "x", CAP, v2, 20, 0), as_user(1000, bounded);
    cap2(1, 0, 1ul << 10), SC(setxattr, "x", CAP, v2, 20, 0), as_user(1000, bounded);
    cap2(1, 1ul << 10, 0), SC(setxattr, "x", CAP, v2, 20, 0);
    pid_t p;
    CHILD(p) { prctl(PR_CAPBSET_DROP, 10), as_user(1000, bounded); }
    reap("not all of it", p);
    R(mount(0, ".", 0, MS_REMOUNT | MS_NOSUID, 0)), as_user(1000, bounded), R(mount(0, ".", 0, MS_REMOUNT, 0));
    // What takes it away
    show(), R(chmod("x", 0755)), show(), R(chown("x", 1, 1)), show();
    SC(setxattr, "x", CAP, v2, 20, 0), show();
    int f = open("x", O_RDWR);
    R(pwrite(f, "\177", 1, 0)), show();
    SC(setxattr, "x", CAP, v2, 20, 0), R(ftruncate(f, lseek(f, 0, SEEK_END))), show();
    SC(setxattr, "x", CAP, v2, 20, 0), R(SC(rename, "x", "y")), R(SC(rename, "y", "x")), show(), R(SC(removexattr, "x", CAP)), show();
    SC(setxattr, "x", CAP, v2, 20, 0), R(close(open("x", O_RDWR | O_TRUNC))), show();
    mkdir("dir", 0755), R(SC(setxattr, "dir", CAP, v2, 20, 0)), R(chown("dir", 1, 1)), R(SC(getxattr, "dir", CAP, v3, 24));
    close(f), chdir(".."), umount2("t", MNT_DETACH);
}
