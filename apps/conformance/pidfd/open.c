// SPDX-License-Identifier: MPL-2.0
// pidfd_open: flags and numbers that it refuses, what the descriptor is, zombies, what /proc says of it.
// Covers: pidfd_open
#include "../conf.h"
#define THREAD 0200
static void info(int fd, pid_t p)
{
    char path[64], b[1024];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    get_file(path, b, sizeof b);
    char *at = strstr(b, "Pid:"), *ns = strstr(b, "NSpid:");
    say("Pid %s NSpid %s", !at ? "none" : atoi(at + 4) == p ? "right" : atoi(at + 4) == -1 ? "-1" : "wrong",
        !ns ? "none" : atoi(ns + 6) == p ? "right" : atoi(ns + 6) == -1 ? "-1" : "wrong");
}
static void test(void)
{
    char path[64], link[64] = "", b[8];
    struct gate g = gate_make();
    pid_t c;
    R(SC(pidfd_open, 0, 0));
    R(SC(pidfd_open, -1, 0));
    R(SC(pidfd_open, getpid(), 1));
    R(SC(pidfd_open, getpid(), O_CLOEXEC));
    R(SC(pidfd_open, 0x3fffff00, 0));
    CHILD(c) { gate_wait(g); _exit(3); }
    int fd = SC(pidfd_open, c, 0), non = SC(pidfd_open, c, O_NONBLOCK), th = SC(pidfd_open, c, THREAD);
    say("open %d %d %d", fd >= 0, non >= 0, th >= 0);
    X(fcntl(fd, F_GETFD));
    X(fcntl(fd, F_GETFL));
    X(fcntl(non, F_GETFL));
    X(fcntl(th, F_GETFL));
    R(read(fd, b, 8));
    R(write(fd, b, 8));
    R(lseek(fd, 0, SEEK_SET));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    R(readlink(path, link, sizeof link - 1));
    S(link);
    info(fd, c);
    struct rlimit_pair { unsigned long soft, hard; } old, none = {0, 0};
    syscall(SYS_prlimit64, 0, 7, 0, &old);
    none.hard = old.hard;
    syscall(SYS_prlimit64, 0, 7, &none, 0);
    R(SC(pidfd_open, c, 0));
    syscall(SYS_prlimit64, 0, 7, &old, 0);
    gate_open(g);
    siginfo_t i;
    R(SC(waitid, P_PID, c, &i, WEXITED | WNOWAIT, 0));
    OK(SC(pidfd_open, c, 0)); // a zombie is still there
    info(fd, c);
    reap("child", c);
    R(SC(pidfd_open, c, 0));
    info(fd, c);
    OK(close(fd));
}
