// SPDX-License-Identifier: MPL-2.0
// Halves that are shut down: reading, writing, SIGPIPE, polling, of each kind of socket.
// Covers: shutdown sendto recvfrom
#include "sock.h"
static volatile int pipes;
static void count(int s) { pipes += s == SIGPIPE; }
static void test(void)
{
    const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    const char *names[] = {"stream", "dgram", "seqpacket"};
    char b[10];
    int s[2];
    on(SIGPIPE, count, 0);
    for (int i = 0; i < 3; i++)
        for (int how = 0; how < 3; how++) {
            say("== %s, how %d", names[i], how), socketpair(AF_UNIX, types[i], 0, s), pipes = 0;
            R(send(s[0], "before", 6, 0)), R(send(s[1], "back", 4, 0)), R(shutdown(s[0], how)), X(events(s[0])), X(events(s[1]));
            R(send(s[0], "a", 1, MSG_DONTWAIT)), V(pipes), R(send(s[0], "a", 1, MSG_NOSIGNAL | MSG_DONTWAIT)), V(pipes), R(write(s[0], "b", 1)), V(pipes), R(send(s[1], "c", 1, MSG_DONTWAIT)), V(pipes);
            for (int k = 0; k < 3; k++)
                R(recv(s[0], b, 10, MSG_DONTWAIT)), R(recv(s[1], b, 10, MSG_DONTWAIT));
            X(events(s[0])), X(events(s[1])), R(shutdown(s[1], SHUT_RDWR)), X(events(s[0])), X(events(s[1])), R(recv(s[0], b, 10, MSG_DONTWAIT));
            if (i == 0 || how != 1)
                R(recv(s[0], b, 10, 0));
            close(s[1]), X(events(s[0])), R(send(s[0], "d", 1, 0)), close(s[0]);
        }
    for (int i = 0; i < 3; i++)
        s[0] = socket(AF_UNIX, types[i], 0), X(events(s[0])), R(shutdown(s[0], SHUT_WR)), R(shutdown(s[0], 3)), R(shutdown(s[0], -1)), R(send(s[0], "x", 1, MSG_DONTWAIT)), R(recv(s[0], b, 1, MSG_DONTWAIT)), X(events(s[0])), close(s[0]);
    // A reader and a writer that wait are told.
    pid_t p;
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    CHILD(p) { R(read(s[0], b, 10)); }
    await_state(p, 0, 'S'), shutdown(s[0], SHUT_RD), reap("reader", p);
    CHILD(p) { on(SIGPIPE, SIG_IGN, 0); while (write(s[0], s, sizeof s) > 0) {} say("writer: %s", ename(errno)); }
    await_state(p, 0, 'S'), shutdown(s[1], SHUT_RD), reap("writer", p);
    int l = listener(SOCK_STREAM, "l", 2);
    CHILD(p) { R(accept(l, 0, 0)); }
    await_state(p, 0, 'S'), shutdown(l, SHUT_RD), reap("accepter", p);
}
