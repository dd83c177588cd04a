// SPDX-License-Identifier: MPL-2.0
// socketpair of AF_UNIX: streams, datagrams, ends, shutdown, poll, SIGPIPE, errors in order.
// Covers: socketpair shutdown sendto recvfrom
#include "../conf.h"
#include <poll.h>
#include <sys/socket.h>
static int s[2];
static void feed(int n) { if (n == 3) write(s[1], "late", 4); }
static void test(void)
{
    char b[100];
    R(SC(socketpair, AF_UNIX, SOCK_STREAM, 0, s)), say("%d %d", s[0], s[1]);
    R(write(s[0], "one", 3)), R(write(s[0], "two", 3)), R(read(s[1], b, 100)), B(b, 6), R(write(s[1], "back", 4)), R(read(s[0], b, 2)), R(read(s[0], b, 100));
    struct stat st;
    fstat(s[0], &st), say("socket %d", S_ISSOCK(st.st_mode)), R(lseek(s[0], 0, SEEK_SET)), R(read(s[0], BAD, 0)), R(write(s[0], BAD, 5));
    struct pollfd p = {s[0], POLLIN | POLLOUT, 0};
    poll(&p, 1, 0), X(p.revents), write(s[1], "x", 1), poll(&p, 1, 0), X(p.revents), read(s[0], b, 1);
    INTR(read(s[0], b, 10)), RESTART(feed, read(s[0], b, 10));
    R(SC(shutdown, s[1], SHUT_WR)), R(read(s[0], b, 10)), poll(&p, 1, 0), X(p.revents & ~0x2000), signal(SIGPIPE, SIG_IGN), R(write(s[1], "x", 1)), R(write(s[0], "y", 1)), R(read(s[1], b, 10));
    R(SC(shutdown, s[0], 9)), R(SC(shutdown, 99, 0)), R(SC(shutdown, 1, 0));
    close(s[1]), R(read(s[0], b, 10)), R(write(s[0], "x", 1)), poll(&p, 1, 0), X(p.revents & ~0x2000), close(s[0]);
    // Unread data on close
    socketpair(AF_UNIX, SOCK_STREAM, 0, s), write(s[0], "unread", 6), close(s[1]), R(read(s[0], b, 10)), R(read(s[0], b, 10)), close(s[0]);
    // Datagrams and packets keep their borders.
    for (int type = SOCK_DGRAM; type != SOCK_SEQPACKET + 3; type += SOCK_SEQPACKET - SOCK_DGRAM) {
        R(socketpair(AF_UNIX, type, 0, s)), write(s[0], "first", 5), write(s[0], "second", 6);
        R(read(s[1], b, 3)), R(read(s[1], b, 100)), R(write(s[0], "", 0)), R(read(s[1], b, 100)), close(s[0]), R(recv(s[1], b, 100, MSG_DONTWAIT)), R(send(s[1], "x", 1, MSG_NOSIGNAL)), close(s[1]);
    }
    R(SC(socketpair, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, s)), R(fcntl(s[0], F_GETFD)), R(read(s[0], b, 1)), R(fcntl(s[1], F_GETFL));
    static char big[1000000];
    long n = write(s[0], big, sizeof big);
    say("a part fits %d", n > 0 && n < (long)sizeof big), R(write(s[0], big, 1));
    R(send(s[0], "x", 1, MSG_DONTWAIT)), R(recv(s[1], b, 4, MSG_PEEK)), R(recv(s[1], b, 4, 0));
    R(SC(socketpair, AF_UNIX, 77, 0, s)), R(SC(socketpair, AF_UNIX, SOCK_STREAM, 1, s)), R(SC(socketpair, AF_UNIX, SOCK_STREAM, 5, s)), R(SC(socketpair, 999, SOCK_STREAM, 0, s)), R(SC(socketpair, AF_UNIX, SOCK_STREAM, 0, BAD));
    pid_t c;
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    CHILD(c) { close(s[0]); while ((n = read(s[1], b, 10)) > 0) for (int i = 0; i < n; i++) b[i] -= 32, write(s[1], b + i, 1); }
    close(s[1]), write(s[0], "upper", 5), take("from the child", s[0], 5), close(s[0]), reap("child", c);
}
