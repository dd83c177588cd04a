// SPDX-License-Identifier: MPL-2.0
// Calls of messages and connections that a signal interrupts, as the kernel sees them: musl's functions do more than make the call.
// Covers: accept accept4 sendmsg recvmsg sendmmsg recvmmsg
#include "sock.h"
static int s[2], server, client = -1;
static char big[8000];
static void feed(int n) { if (n == 3) write(s[1], "late", 4); }
static void drain(int n) { if (n >= 3) while (recv(s[1], big, sizeof big, MSG_DONTWAIT) > 0) {} }
static void dial(int n) { if (n == 3) connect_to(client, "@late"); }
static void test(void)
{
    char b[100];
    const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    struct iovec in = {b, 10}, out = {big, 4000};
    struct mmsghdr m[2] = {{.msg_hdr = {.msg_iov = &in, .msg_iovlen = 1}}, {.msg_hdr = {.msg_iov = &in, .msg_iovlen = 1}}};
    struct msghdr *one = &m[0].msg_hdr;
    struct timespec t = {1000, 0};
    for (int i = 0; i < 3; i++) {
        say("== type %d", types[i]), socketpair(AF_UNIX, types[i], 0, s), one->msg_iov = &in, m[1].msg_hdr.msg_iov = &in;
        INTR(SC(recvmsg, s[0], one, 0)), RESTART(feed, SC(recvmsg, s[0], one, 0)), INTR(SC(recvmmsg, s[0], m, 1, 0, 0)), RESTART(feed, SC(recvmmsg, s[0], m, 1, 0, 0)), V(m[0].msg_len);
        INTR(SC(recvmmsg, s[0], m, 1, 0, &t)), say("time left untouched: %d", t.tv_sec == 1000 && t.tv_nsec == 0), INTR(SC(recvfrom, s[0], b, 10, 0, 0, 0));
        // Sending, once nothing more goes in.
        one->msg_iov = &out, m[1].msg_hdr.msg_iov = &out, R(SC(sendmsg, s[0], one, 0)), R(SC(sendmmsg, s[0], m, 2, 0)), V(m[0].msg_len), V(m[1].msg_len);
        while (send(s[0], big, 4000, MSG_DONTWAIT) > 0) {}
        INTR(SC(sendmsg, s[0], one, 0)), RESTART(drain, SC(sendmsg, s[0], one, 0));
        while (send(s[0], big, 4000, MSG_DONTWAIT) > 0) {}
        INTR(SC(sendmmsg, s[0], m, 2, 0)), RESTART(drain, SC(sendmmsg, s[0], m, 1, 0)), close(s[0]), close(s[1]);
    }
    server = listener(SOCK_STREAM, "@late", 5);
    INTR(SC(accept, server, 0, 0)), INTR(SC(accept4, server, 0, 0, 0)), INTR(SC(accept4, server, 0, 0, SOCK_CLOEXEC));
    for (int i = 0; i < 2; i++) {
        client = socket(AF_UNIX, SOCK_STREAM, 0), alarms_on(SA_RESTART, dial);
        long r = i ? SC(accept4, server, 0, 0, SOCK_CLOEXEC) : SC(accept, server, 0, 0);
        alarms_off(), say("under SA_RESTART: %s", r >= 0 ? "ok" : ename(errno)), close(r), close(client);
    }
    struct timeval limit = {5, 0};
    setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), alarms_on(SA_RESTART, 0), R(SC(accept4, server, 0, 0, 0)), alarms_off();
}
