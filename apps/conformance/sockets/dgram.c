// SPDX-License-Identifier: MPL-2.0
// Datagrams: to names and to a peer, who may send, full queues, peers that go or change.
// Covers: sendto recvfrom connect bind
#include "sock.h"
static void test(void)
{
    char b[100];
    int a = socket(AF_UNIX, SOCK_DGRAM, 0), c = socket(AF_UNIX, SOCK_DGRAM, 0), d = socket(AF_UNIX, SOCK_DGRAM, 0);
    R(send(a, "x", 1, 0)), R(write(a, "x", 1)), R(send_to(a, "x", 0, "none")), R(bind_to(a, "a")), R(bind_to(c, "c")), R(send_to(c, "hello", 0, "a")), R(send_to(d, "", 0, "a"));
    get(a, 0, 100, 0, 0, 0), get(a, 0, 100, 0, 0, 0), R(recv(a, b, 10, MSG_DONTWAIT)), R(send_to(c, "cut here", 0, "a")), get(a, MSG_TRUNC, 3, 0, 0, 0), R(recv(a, b, 10, MSG_DONTWAIT)), R(send_to(c, "cut here", 0, "a")), get(a, 0, 3, 0, 0, 0), R(send_to(c, "none", 0, "a")), R(recv(a, b, 0, 0)), R(send_to(c, "read", 0, "a")), R(read(a, b, 0)), R(read(a, b, 2)), R(recv(a, b, 10, MSG_DONTWAIT));
    // A peer hears only from its own peer.
    R(connect_to(a, "c")), NAME(getpeername, a), R(send_to(d, "other", 0, "a")), R(connect_to(d, "a")), R(send_to(c, "peer", 0, "a")), R(send(a, "to c", 4, 0)), get(c, 0, 100, 0, 0, 0), get(a, 0, 100, 0, 0, 0), R(send_to(a, "self", 0, "a")), get(a, MSG_DONTWAIT, 100, 0, 0, 0);
    struct sockaddr none = {AF_UNSPEC, {0}};
    R(connect(a, &none, sizeof none)), NAME(getpeername, a), R(send(a, "x", 1, 0)), R(connect(a, &none, 2)), R(send_to(d, "again", 0, "a")), get(a, 0, 100, 0, 0, 0);
    // Messages of a former peer are dropped, and it hears of it.
    R(connect_to(a, "c")), R(connect_to(c, "a")), R(send(c, "old", 3, 0)), R(connect(a, &none, sizeof none)), R(recv(a, b, 10, MSG_DONTWAIT)), X(events(c)), R(send(c, "x", 1, 0)), R(recv(c, b, 10, MSG_DONTWAIT)), R(send(c, "y", 1, 0)), R(recv(a, b, 10, MSG_DONTWAIT));
    // A peer that ends
    int s = socket(AF_UNIX, SOCK_DGRAM, 0);
    bind_to(s, "s"), R(connect_to(d, "s")), close(s), X(events(d)), R(send(d, "x", 1, 0)), R(send(d, "x", 1, 0)), NAME(getpeername, d), R(send_to(d, "x", 0, "s"));
    // Full queues
    s = socket(AF_UNIX, SOCK_DGRAM, 0), bind_to(s, "full");
    int n = 0;
    while (send_to(d, "x", MSG_DONTWAIT, "full") == 1)
        n++;
    say("%s", ename(errno)), V(n), X(events(d)), R(connect_to(d, "full")), X(events(d)), R(send(d, "x", 1, MSG_DONTWAIT)), R(recv(s, b, 10, 0)), X(events(d)), R(recv(s, b, 10, 0)), X(events(d)), R(send(d, "x", 1, MSG_DONTWAIT));
    pid_t p;
    CHILD(p) { long r = send(d, "waits", 5, 0); _exit(r); }
    await_state(p, 0, 'S'), say("it sleeps"), R(recv(s, b, 10, 0)), R(recv(s, b, 10, 0)), reap("sender", p), R(send(d, "x", 1, MSG_DONTWAIT)), R(send(d, "x", 1, MSG_DONTWAIT));
    CHILD(p) { close(s), R(send(d, "waits", 5, 0)), R(send(d, "waits", 5, 0)); }
    await_state(p, 0, 'S'), close(s), reap("sender", p);
    // To itself there is always room, as far as its own buffer goes.
    s = socket(AF_UNIX, SOCK_DGRAM, 0), bind_to(s, "loop"), connect_to(s, "loop"), n = 0;
    while (send(s, "x", 1, MSG_DONTWAIT) == 1)
        n++;
    say("%s", ename(errno)), V(n > 20), R(recv(s, b, 10, 0));
    static char big[300000];
    int v[2];
    socketpair(AF_UNIX, SOCK_DGRAM, 0, v), R(send(v[0], big, 212992 - 32, 0)), R(send(v[0], big, 212992 - 31, 0)), R(recv(v[1], big, sizeof big, 0)), R(send(v[0], big, 100000, 0)), R(recv(v[1], big, sizeof big, MSG_TRUNC)), R(send(v[0], "", 0, 0)), X(events(v[1])), R(recv(v[1], b, 10, MSG_DONTWAIT)), R(recv(v[1], b, 10, MSG_DONTWAIT)), R(send(v[0], "x", 1, MSG_OOB)), R(recv(v[1], b, 1, MSG_OOB));
    R(connect_to(v[0], "c")), R(send(v[1], "x", 1, MSG_DONTWAIT)), close(v[0]), R(send(v[1], "x", 1, MSG_DONTWAIT)), R(send(v[1], "x", 1, MSG_DONTWAIT));
}
