// SPDX-License-Identifier: MPL-2.0
// Every system call that takes an address, with each kind of bad address in each place: not mapped, in the kernel's half,
// not canonical, one byte before the end of a mapping, and read-only. The other arguments are good. Prints what each call
// answers, so that the answers can be compared with those of Linux (conformance program abi/wildptr).
#include "../conformance/conf.h"
#include <sched.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#ifndef WILD_PART
#define WILD_PART 0 // 1: the calls on sockets; 2: wildptr_more.h; 3: wildptr_peers.h; 0: all others
#endif
#undef pread64
#undef pwrite64
#undef getdents64
#undef prlimit64
static long wild[6];
static const char *const kinds[] = {"null", "unmapped", "kernel", "noncanonical", "edge", "readonly"};
static int fd, pr, pw, dir, ep, ev, tm, mem, ptm, sock[2], timer;
__attribute__((unused)) static struct timespec zero, one_ns = {0, 1};
__attribute__((unused)) static struct itimerspec its;
__attribute__((unused)) static struct itimerval itv;
__attribute__((unused)) static unsigned long mask8, buf[512];
__attribute__((unused)) static struct pollfd pfd;
static struct epoll_event eev = {.events = EPOLLIN};
__attribute__((unused)) static int skip; // kinds to leave out: 1 null (would wait for ever), 32 read-only (would do something)

#define W(name, pos, ...) ({ \
    char line[300]; int n = sprintf(line, "%s %d:", #name, pos); \
    for (int k = 0; k < 6; k++) { \
        if (skip >> k & 1) continue; \
        *(volatile char *)wild[4] = 'x'; \
        long a[6] = {__VA_ARGS__}; a[pos] = wild[k]; errno = 0; \
        long r = syscall(SYS_##name, a[0], a[1], a[2], a[3], a[4], a[5]); \
        n += answer(line + n, k, r); \
    } \
    say("%s", line); })
static int answer(char *to, int kind, long r)
{
    return sprintf(to, " %s=%s", kinds[kind], r == -1 ? ename(errno) : r == 0 ? "0" : "positive");
}
#define P (long)
__attribute__((unused)) static long fill(void) { write(pw, "12345678", 8); return pr; }
__attribute__((unused)) static long at0(int f) { lseek(f, 0, SEEK_SET); return f; }
#if WILD_PART == 0

static void files(void)
{
    W(read, 1, at0(fd), 0, 4), W(write, 1, at0(fd), 0, 4), W(open, 0, 0, O_RDONLY), W(openat, 1, AT_FDCWD, 0, O_RDONLY), W(creat, 0, 0, 0644);
    W(stat, 0, 0, P buf), W(stat, 1, P "f", 0), W(lstat, 0, 0, P buf), W(lstat, 1, P "f", 0), W(fstat, 1, fd, 0), W(newfstatat, 1, AT_FDCWD, 0, P buf), W(newfstatat, 2, AT_FDCWD, P "f", 0);
    W(statx, 1, AT_FDCWD, 0, 0, 0x7ff, P buf), W(statx, 4, AT_FDCWD, P "f", 0, 0x7ff, 0), W(pread64, 1, fd, 0, 4, 0), W(pwrite64, 1, fd, 0, 4, 0), W(readv, 1, at0(fd), 0, 1), W(writev, 1, at0(fd), 0, 1);
    W(preadv, 1, fd, 0, 1), W(pwritev, 1, fd, 0, 1), W(preadv2, 1, fd, 0, 1), W(access, 0, 0, 0), W(faccessat, 1, AT_FDCWD, 0, 0), W(faccessat2, 1, AT_FDCWD, 0, 0, 0);
    W(truncate, 0, 0, 0), W(getdents64, 1, at0(dir), 0, 100), W(getcwd, 0, 0, 100), W(chdir, 0, 0), W(mkdir, 0, 0, 0755), W(mkdirat, 1, AT_FDCWD, 0, 0755), W(rmdir, 0, 0), W(rename, 0, 0, P "x"), W(rename, 1, P "f", 0);
    W(renameat, 1, AT_FDCWD, 0, AT_FDCWD, P "x"), W(renameat, 3, AT_FDCWD, P "f", AT_FDCWD, 0), W(renameat2, 1, AT_FDCWD, 0, AT_FDCWD, P "x", 1), W(renameat2, 3, AT_FDCWD, P "f", AT_FDCWD, 0, 1);
    W(link, 0, 0, P "x"), W(link, 1, P "f", 0), W(linkat, 1, AT_FDCWD, 0, AT_FDCWD, P "x"), W(linkat, 3, AT_FDCWD, P "f", AT_FDCWD, 0), W(unlink, 0, 0), W(unlinkat, 1, AT_FDCWD, 0, 0), W(symlink, 0, 0, P "x"), W(symlink, 1, P "f", 0);
    W(symlinkat, 0, 0, AT_FDCWD, P "x"), W(symlinkat, 2, P "f", AT_FDCWD, 0), W(readlink, 0, 0, P buf, 10), W(readlink, 1, P "s", 0, 10), W(readlinkat, 1, AT_FDCWD, 0, P buf, 10), W(readlinkat, 2, AT_FDCWD, P "s", 0, 10);
    W(chmod, 0, 0, 0644), W(fchmodat, 1, AT_FDCWD, 0, 0644), W(chown, 0, 0, 0, 0), W(lchown, 0, 0, 0, 0), W(fchownat, 1, AT_FDCWD, 0, 0, 0, 0), W(mknod, 0, 0, S_IFIFO | 0644, 0), W(mknodat, 1, AT_FDCWD, 0, S_IFIFO | 0644, 0);
    W(utime, 0, 0, 0), W(utime, 1, P "f", 0), W(utimes, 0, 0, 0), W(utimes, 1, P "f", 0), W(utimensat, 1, AT_FDCWD, 0, 0, 0), W(utimensat, 2, AT_FDCWD, P "f", 0, 0), W(futimesat, 1, AT_FDCWD, 0, 0), W(statfs, 0, 0, P buf), W(statfs, 1, P ".", 0), W(fstatfs, 1, fd, 0);
    W(setxattr, 0, 0, P "user.x", P buf, 1, 0), W(setxattr, 1, P "f", 0, P buf, 1, 0), W(setxattr, 2, P "f", P "user.x", 0, 1, 0), W(lsetxattr, 0, 0, P "user.x", P buf, 1, 0), W(lsetxattr, 1, P "f", 0, P buf, 1, 0), W(lsetxattr, 2, P "f", P "user.x", 0, 1, 0), W(fsetxattr, 1, fd, 0, P buf, 1, 0), W(fsetxattr, 2, fd, P "user.x", 0, 1, 0);
    SC(setxattr, "f", "user.x", "12345678", 8, 0), W(getxattr, 0, 0, P "user.x", P buf, 100), W(getxattr, 1, P "f", 0, P buf, 100), W(getxattr, 2, P "f", P "user.x", 0, 100), W(lgetxattr, 0, 0, P "user.x", P buf, 100), W(lgetxattr, 1, P "f", 0, P buf, 100), W(lgetxattr, 2, P "f", P "user.x", 0, 100), W(fgetxattr, 1, fd, 0, P buf, 100), W(fgetxattr, 2, fd, P "user.x", 0, 100);
    W(listxattr, 0, 0, P buf, 100), W(listxattr, 1, P "f", 0, 100), W(llistxattr, 0, 0, P buf, 100), W(llistxattr, 1, P "f", 0, 100), W(flistxattr, 1, fd, 0, 100), W(removexattr, 0, 0, P "user.x"), W(removexattr, 1, P "f", 0), W(lremovexattr, 0, 0, P "user.x"), W(lremovexattr, 1, P "f", 0), W(fremovexattr, 1, fd, 0);
#ifndef SYS_cachestat
#define SYS_cachestat 451
#endif
    unsigned long how[3] = {0}; W(openat2, 1, AT_FDCWD, 0, P how, 24), W(openat2, 2, AT_FDCWD, P "f", 0, 24), W(getdents, 1, at0(dir), 0, 100), W(cachestat, 1, fd, 0, P buf, 0), W(cachestat, 2, fd, P how, 0, 0), W(vmsplice, 1, pw, 0, 1, 2);
    int in = SC(inotify_init1, 0); W(inotify_add_watch, 1, in, 0, 0xfff), close(in);
    W(pipe, 0, 0), W(pipe2, 0, 0, 0), W(sendfile, 2, pw, fd, 0, 1), W(copy_file_range, 1, mem, 0, mem, 0, 1), W(memfd_create, 0, 0, 0), W(chroot, 0, 0), W(mount, 1, P "x", 0, P "tmpfs", 0, 0), W(mount, 2, P "x", P "d", 0, 0, 0), W(umount2, 0, 0, 0);
    W(ioctl, 2, ptm, TIOCGWINSZ, 0), W(ioctl, 2, ptm, TCGETS, 0), W(ioctl, 2, ptm, TIOCSWINSZ, 0), W(ioctl, 2, pr, FIONREAD, 0), W(ioctl, 2, ptm, TIOCGPTN, 0), W(fcntl, 2, fd, F_GETLK, 0), W(fcntl, 2, fd, F_SETLK, 0);
    W(read, 1, fill(), 0, 4), W(write, 1, pw, 0, 4), W(readv, 1, fill(), 0, 1), W(writev, 1, pw, 0, 1), W(read, 1, ev, 0, 8), W(write, 1, ev, 0, 8), W(getrandom, 0, 0, 16, 0);
}
static void processes(void)
{
    skip = 32; // a handler at a read-only address, a zero structure: not for these
    W(rt_sigaction, 1, SIGUSR1, 0, 0, 8), skip = 0, W(rt_sigaction, 2, SIGUSR1, 0, 0, 8), W(rt_sigprocmask, 1, SIG_BLOCK, 0, 0, 8), W(rt_sigprocmask, 2, SIG_BLOCK, 0, 0, 8), W(rt_sigpending, 0, 0, 8);
    skip = 1, W(rt_sigtimedwait, 2, P &mask8, 0, 0, 8), skip = 0, W(rt_sigtimedwait, 0, 0, 0, P &one_ns, 8), W(rt_sigtimedwait, 1, P &mask8, 0, P &one_ns, 8), W(rt_sigqueueinfo, 2, getpid(), 0, 0), W(rt_sigsuspend, 0, 0, 9), W(sigaltstack, 0, 0, 0), W(sigaltstack, 1, 0, 0);
    W(nanosleep, 0, 0, 0), W(nanosleep, 1, P &one_ns, 0), W(clock_nanosleep, 2, CLOCK_MONOTONIC, 0, 0, 0), W(getitimer, 1, 0, 0), W(setitimer, 1, 1, 0, 0), W(setitimer, 2, 1, P &itv, 0), W(timer_create, 1, CLOCK_MONOTONIC, 0, P buf), W(timer_create, 2, CLOCK_MONOTONIC, 0, 0);
    W(timer_settime, 2, timer, 0, 0, 0), W(timer_settime, 3, timer, 0, P &its, 0), W(timer_gettime, 1, timer, 0), W(clock_gettime, 1, CLOCK_MONOTONIC, 0), W(clock_getres, 1, CLOCK_MONOTONIC, 0), skip = 33, W(clock_settime, 1, CLOCK_REALTIME, 0), W(settimeofday, 0, 0, 0), skip = 0;
    W(gettimeofday, 0, 0, 0), W(gettimeofday, 1, 0, 0), W(time, 0, 0), W(times, 0, 0), W(wait4, 1, -1, 0, WNOHANG, 0), W(waitid, 2, P_ALL, 0, 0, WEXITED | WNOHANG, 0), W(getresuid, 0, 0, P buf, P buf), W(getresuid, 1, P buf, 0, P buf), W(getresuid, 2, P buf, P buf, 0), W(getresgid, 0, 0, P buf, P buf);
    W(getgroups, 1, 0, 0), W(setgroups, 1, 1, 0), W(capget, 0, 0, 0), W(getrlimit, 1, 7, 0), W(setrlimit, 1, 4, 0), W(prlimit64, 2, 0, 4, 0, 0), W(prlimit64, 3, 0, 4, 0, 0), W(getrusage, 1, 0, 0), W(sysinfo, 0, 0), W(uname, 0, 0), skip = 33, W(sethostname, 0, 0, 2), skip = 0;
    W(sched_getaffinity, 2, 0, 128, 0), skip = 32, W(sched_setaffinity, 2, 0, 128, 0), skip = 0, W(sched_getparam, 1, 0, 0), W(sched_setparam, 1, 0, 0), W(sched_setscheduler, 2, 0, 0, 0), W(sched_rr_get_interval, 1, 0, 0), W(getcpu, 0, 0, 0, 0), W(getcpu, 1, 0, 0, 0);
    W(prctl, 1, 16, 0), W(prctl, 1, 15, 0), W(prctl, 1, 2, 0), W(arch_prctl, 1, 0x1003, 0), W(futex, 0, 0, 1, 1), W(futex, 0, 0, 0, 77, P &zero), skip = 1, W(futex, 3, P buf, 0, 0, 0), skip = 0, W(futex, 4, P buf, 3, 1, 1, 0), W(get_robust_list, 1, 0, 0, P buf), W(get_robust_list, 2, 0, P buf, 0);
    W(execve, 0, 0, 0, 0), W(execve, 1, P "./text", 0, 0), W(execve, 2, P "./text", 0, 0), W(execveat, 1, AT_FDCWD, 0, 0, 0, 0), skip = 32, W(clone3, 0, 0, 88), skip = 0, W(mincore, 2, P buf & -PAGE, PAGE, 0);
}
static void events(void)
{
    W(poll, 0, 0, 1, 0), W(ppoll, 0, 0, 1, P &zero, 0, 8), skip = 1, W(ppoll, 2, P &pfd, 0, 0, 0, 8), skip = 0, W(ppoll, 3, P &pfd, 0, P &zero, 0, 8), W(select, 1, 8, 0, 0, 0, P &zero), W(select, 2, 8, 0, 0, 0, P &zero), skip = 1, W(select, 4, 8, 0, 0, 0, 0), W(pselect6, 4, 8, 0, 0, 0, 0, 0), skip = 0;
    W(pselect6, 5, 8, 0, 0, 0, P &zero, 0), W(epoll_ctl, 3, ep, EPOLL_CTL_MOD, pr, 0), W(epoll_wait, 1, ep, 0, 1, 0), W(epoll_pwait, 1, ep, 0, 1, 0, 0, 8), W(epoll_pwait, 4, ep, P buf, 1, 0, 0, 8), W(epoll_pwait2, 3, ep, P buf, 0, P &zero, 0, 8), W(signalfd4, 1, -1, 0, 8, 0), W(timerfd_settime, 2, tm, 0, 0, 0);
    W(timerfd_settime, 3, tm, 0, P &its, 0), W(timerfd_gettime, 1, tm, 0);
    // Vectors whose elements lead to bad places
    for (int k = 0; k < 6; k++) {
        struct iovec v[2] = {{buf, 4}, {(void *)wild[k], 4}};
        char t[64];
        sprintf(t, "readv of a file, second %s", kinds[k]), RT(t, SC(readv, at0(fd), v, 2));
        sprintf(t, "writev to a file, second %s", kinds[k]), RT(t, SC(writev, at0(mem), v, 2));
        char *argv[] = {"x", (char *)wild[k], 0};
        sprintf(t, "execve, argument %s", kinds[k]), RT(t, SC(execve, "./text", argv, 0));
    }
}
#elif WILD_PART == 1
static void part(void)
{
    W(socketpair, 3, AF_UNIX, SOCK_STREAM, 0, 0), W(sendto, 1, sock[0], 0, 4, 0, 0, 0), W(recvfrom, 1, sock[1], 0, 1, MSG_DONTWAIT | MSG_PEEK, 0, 0), W(sendmsg, 1, sock[0], 0, 0), W(recvmsg, 1, sock[1], 0, MSG_DONTWAIT);
    int one = 1, length = 16, far = 1 << 30;
    W(bind, 1, sock[0], 0, 20), W(connect, 1, sock[0], 0, 20), W(sendto, 4, sock[0], (long)"x", 1, 0, 0, 20), W(getsockname, 1, sock[0], 0, (long)&length), W(getsockname, 2, sock[0], (long)&wild, 0), W(getpeername, 1, sock[0], 0, (long)&length), W(getpeername, 2, sock[0], (long)&length, 0);
    W(setsockopt, 3, sock[0], SOL_SOCKET, SO_PASSCRED, 0, 4), W(setsockopt, 3, sock[0], SOL_SOCKET, SO_LINGER, 0, 8), W(setsockopt, 3, sock[0], SOL_SOCKET, SO_RCVTIMEO, 0, 16), length = 4, W(getsockopt, 3, sock[0], SOL_SOCKET, SO_TYPE, 0, (long)&length), W(getsockopt, 4, sock[0], SOL_SOCKET, SO_TYPE, (long)&one, 0), length = 12, W(getsockopt, 3, sock[0], SOL_SOCKET, SO_PEERCRED, 0, (long)&length), W(getsockopt, 3, sock[0], SOL_SOCKET, SO_RCVTIMEO, 0, (long)&length);
    W(accept4, 1, sock[0], 0, (long)&length, 0), W(sendmmsg, 1, sock[0], 0, 2, 0), W(recvmmsg, 1, sock[1], 0, 2, MSG_DONTWAIT, 0), W(recvmmsg, 4, sock[1], 0, 0, MSG_DONTWAIT, 0);
    // Inside a message: the name, the pieces, a piece, the control buffer
    char byte = 'x', control[64] = {0};
    for (int k = 0; k < 6; k++)
        for (int part = 0; part < 4; part++) {
            struct { long base, length; } v = {part == 2 ? wild[k] : (long)&byte, 1};
            struct { long name; int name_length, pad; long pieces, count, control, control_length, flags; } m = {part == 0 ? wild[k] : 0, part == 0 ? 20 : 0, 0, part == 1 ? wild[k] : (long)&v, 1, part == 3 ? wild[k] : (long)control, part == 3 ? 24 : 0, 0};
            char t[60];
            sprintf(t, "sendmsg kind %d part %d", k, part), RT(t, SC(sendmsg, sock[0], &m, MSG_DONTWAIT));
            setsockopt(sock[1], SOL_SOCKET, SO_PASSCRED, &one, 4), write(sock[0], "y", 1), *(volatile char *)wild[4] = 'x', sprintf(t, "recvmsg kind %d part %d", k, part), RT(t, SC(recvmsg, sock[1], &m, MSG_DONTWAIT)), sprintf(t, "left by kind %d part %d", k, part);
            char rest[100];
            RT(t, recv(sock[1], rest, 100, MSG_DONTWAIT));
        }
    // Lengths that are wrong
    struct { long name; int name_length, pad; long pieces, count, control, control_length, flags; } m = {(long)&byte, far, 0, (long)&byte, 1 << 20, (long)control, -1, 0};
    R(SC(sendmsg, sock[0], &m, 0)), R(SC(recvmsg, sock[1], &m, MSG_DONTWAIT)), m.count = 0, R(SC(sendmsg, sock[0], &m, 0)), m.name = 0, R(SC(sendmsg, sock[0], &m, 0)), m.control_length = far, R(SC(sendmsg, sock[0], &m, 0)), m.name = (long)&byte, m.name_length = -1, R(SC(recvmsg, sock[1], &m, MSG_DONTWAIT));
}
#elif WILD_PART == 3
#include "wildptr_peers.h"
#else
#include "wildptr_more.h"
#endif
#if WILD_PART == 0
static void part(void) { files(), processes(), events(); }
#endif
static void test(void)
{
    int p[2];
    char *m = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(m + PAGE, PAGE), mprotect(m + 2 * PAGE, PAGE, PROT_READ);
    wild[0] = 0, wild[1] = (long)(m + PAGE + 64), wild[2] = (long)0xffff888000001000, wild[3] = 0x0200000000001000, wild[4] = (long)(m + PAGE - 1), wild[5] = (long)(m + 2 * PAGE + 8);
    put_file("f", "contents of the file", 0644), put_file("text", "no program\n", 0755), mkdir("d", 0755), symlink("f", "s");
    fd = open("f", O_RDWR), dir = open(".", O_RDONLY), ep = epoll_create1(0), ev = SC(eventfd2, 1, O_NONBLOCK), tm = SC(timerfd_create, CLOCK_MONOTONIC, 0), mem = SC(memfd_create, "m", 0);
    pipe2(p, O_NONBLOCK), pr = p[0], pw = p[1], ptm = pty_open(0), socketpair(AF_UNIX, SOCK_STREAM, 0, sock), write(sock[0], "0123456789", 10), ftruncate(mem, 100);
    epoll_ctl(ep, EPOLL_CTL_ADD, pr, &eev);
    struct { long v; int signo, notify, pad[12]; } e = {0, 0, SIGEV_NONE, {0}};
    SC(timer_create, CLOCK_MONOTONIC, &e, &timer);
    part();
    say("still here");
}
