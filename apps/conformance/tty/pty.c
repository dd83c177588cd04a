// SPDX-License-Identifier: MPL-2.0
// Pseudo-terminals: numbers, locks, names, permissions, packet mode, both ends in poll and epoll, errors.
// Covers: ioctl open fstat
#include "../conf.h"
#include <sys/epoll.h>
#include <sys/sysmacros.h>
static void test(void)
{
    char b[64], path[32];
    int n = -1, one = 1, zero = 0, s, lock;
    int m = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    OK(m), R(isatty(m));
    R(ioctl(m, TIOCGPTN, &n)), say("number %d", n >= 0);
    sprintf(path, "/dev/pts/%d", n);
    R(open(path, O_RDWR | O_NOCTTY)); // locked at first
    R(ioctl(m, TIOCGPTLCK, &lock)), V(lock), R(ioctl(m, TIOCSPTLCK, &zero)), R(ioctl(m, TIOCGPTLCK, &lock)), V(lock);
    s = open(path, O_RDWR | O_NOCTTY);
    OK(s), R(isatty(s)), say("name right %d", ttyname_r(s, b, sizeof b) == 0 && !strcmp(b, path));
    struct stat st;
    fstat(s, &st), say("char %d major %d minor is the number %d uid %d", S_ISCHR(st.st_mode), major(st.st_rdev), minor(st.st_rdev) == (unsigned)n, st.st_uid);
    int m2 = pty_open(0), n2;
    R(ioctl(m2, TIOCGPTN, &n2)), say("another number %d", n2 != n);
    R(access(path, F_OK)), close(m2), sprintf(b, "/dev/pts/%d", n2), R(access(b, F_OK)); // its node is gone
    R(ioctl(s, TIOCGPTN, &n)), R(ioctl(s, TIOCSPTLCK, &one)), R(ioctl(m, TIOCGPTN, BAD));
    int f = open("f", O_CREAT | O_RDWR, 0644), p[2];
    struct termios t;
    pipe(p);
    R(isatty(f)), R(isatty(p[0])), R(isatty(99)), R(tcgetattr(f, &t)), R(ioctl(f, TIOCGPTN, &n)), R(ioctl(s, 0x1234, 0)), R(ioctl(f, 0x1234, 0)), R(ioctl(99, 0x1234, 0));
    R(ioctl(s, TCGETS, BAD)), R(ioctl(s, TCSETS, BAD)), R(lseek(s, 0, SEEK_SET)), R(pread(s, b, 1, 0)), R(ftruncate(s, 0)), R(fsync(s));
    // Settings through the master are those of the slave.
    tcgetattr(m, &t), t.c_lflag &= ~ECHO, R(tcsetattr(m, TCSANOW, &t)), tcgetattr(s, &t), V(!!(t.c_lflag & ECHO));
    R(cfgetospeed(&t) == B38400), cfsetospeed(&t, B9600), R(tcsetattr(s, TCSANOW, &t)), tcgetattr(s, &t), R(cfgetospeed(&t) == B9600);
    // Packet mode: a control byte leads each read of the master.
    R(ioctl(m, TIOCPKT, &one)), write(s, "data", 4), take("packet", m, 5);
    tcflush(s, TCIFLUSH), take("flushed", m, 1), R(ioctl(m, TIOCPKT, &zero));
    // epoll on both ends
    int ep = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.u32 = 1}, got[2];
    R(epoll_ctl(ep, EPOLL_CTL_ADD, m, &e)), e.data.u32 = 2, R(epoll_ctl(ep, EPOLL_CTL_ADD, s, &e));
    R(epoll_wait(ep, got, 2, 50)), write(s, "x", 1), R(epoll_wait(ep, got, 2, 1000)), V(got[0].data.u32), take("x", m, 1);
    write(m, "y", 1), R(epoll_wait(ep, got, 2, 50)); // no line yet
    write(m, "\n", 1), R(epoll_wait(ep, got, 2, 1000)), V(got[0].data.u32), take("y", s, 2);
    // Typing into the own terminal
    R(ioctl(s, TIOCSTI, "z") == 0 || errno == EIO || errno == EPERM);
    // The same slave opened twice shares its input.
    int s2 = open(path, O_RDWR | O_NOCTTY);
    tcflush(s, TCIFLUSH), write(m, "shared\n", 7), take("second", s2, 7);
    R(ioctl(s, TIOCEXCL)), R(ioctl(s, TIOCNXCL));
    close(s), close(s2), close(m);
    R(open(path, O_RDWR | O_NOCTTY));
    R(open("/dev/console", O_RDWR | O_NOCTTY) >= -1);
}
