// SPDX-License-Identifier: MPL-2.0
// Packets over connections.
// Covers: connect accept sendto recvfrom recvmsg
#include "sock.h"
static void test(void)
{
    char b[100];
    int s = listener(SOCK_SEQPACKET, "srv", 2), c = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    signal(SIGPIPE, SIG_IGN);
    R(send(c, "x", 1, 0)), R(recv(c, b, 1, 0)), R(recv(s, b, 1, 0)), R(send(s, "x", 1, 0)), R(connect_to(c, "srv")), R(send(c, "first", 5, 0)), R(send(c, "", 0, 0)), R(send(c, "second", 6, 0)), R(send_to(c, "third", 0, "srv")), R(send_to(c, "fourth", 0, "nowhere"));
    int d = accept(s, 0, 0);
    get(d, 0, 100, 0, 0, 0), get(d, 0, 100, 0, 0, 0), get(d, MSG_PEEK, 3, 0, 0, 0), get(d, 0, 3, 0, 0, 0), get(d, MSG_TRUNC, 3, 0, 0, 0), R(read(d, b, 100)), R(recv(d, b, 10, MSG_DONTWAIT)), R(recv(d, b, 10, MSG_WAITALL | MSG_DONTWAIT));
    NAME(getpeername, c), NAME(getsockname, d), X(events(c)), X(events(d)), X(events(s)), R(write(d, "rest", 4)), R(write(d, "more", 4)), R(close(d)), X(events(c)), get(c, 0, 100, 0, 0, 0), get(c, 0, 100, 0, 0, 0), get(c, 0, 100, 0, 0, 0), R(send(c, "x", 1, 0)), R(send(c, "x", 1, MSG_NOSIGNAL)), close(c);
    // Unread packets reset the connection.
    c = socket(AF_UNIX, SOCK_SEQPACKET, 0), connect_to(c, "srv"), d = accept(s, 0, 0), write(c, "unread", 6), close(d), X(events(c)), R(send(c, "x", 1, 0)), R(recv(c, b, 1, 0)), R(recv(c, b, 1, 0)), R(send(c, "x", 1, 0));
    int v[2], n = 0;
    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, v);
    while (send(v[0], "x", 1, MSG_DONTWAIT) == 1)
        n++;
    say("%s after more than ten: %d", ename(errno), n > 10), X(events(v[0])), shutdown(v[0], SHUT_WR), n = 0;
    while (recv(v[1], b, 10, 0) == 1)
        n++;
    V(n > 10), R(recv(v[1], b, 10, MSG_DONTWAIT)), R(send(v[1], "x", 1, MSG_OOB)), R(recv(v[1], b, 1, MSG_OOB));
}
