// SPDX-License-Identifier: MPL-2.0
// Values of sysfuzz.c for calls on sockets.
#pragma once
#include <sys/un.h>
// A socket for one call: new, with a name, or listening with a connection that waits. The oldest of eight is closed.
static int spare_socket(enum kind k)
{
    static int kept[8], next;
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    socklen_t n = sizeof a;
    int s = socket(AF_UNIX, k == SOCKNEW ? SOCK_DGRAM : SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (k != SOCKNEW)
        bind(s, (struct sockaddr *)&a, 2);
    if (k == SOCKWAITED) {
        int c = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        listen(s, 2), getsockname(s, (struct sockaddr *)&a, &n), connect(c, (struct sockaddr *)&a, n), close(c);
    }
    next = (next + 1) % 8;
    if (kept[next] > 2)
        close(kept[next]);
    return kept[next] = s;
}
// A message of one piece; now and then with a descriptor or the caller's credentials.
static long message(void)
{
    long v[2] = {(long)room(512), 1 + pick(500)}, c[3] = {20, (long)SCM_RIGHTS << 32 | SOL_SOCKET, fds[pick(16)]};
    struct msghdr m = {.msg_iov = (struct iovec *)copy(v, 16), .msg_iovlen = 1};
    if (pick(4) == 0)
        m.msg_control = copy(c, 24), m.msg_controllen = 24;
    return (long)copy(&m, sizeof m);
}
static long socket_value(enum kind k)
{
    long b[64];
    memset(b, 0, sizeof b);
    switch (k) {
    case SOCKNEW: case SOCKNAMED: case SOCKWAITED: return spare_socket(k);
    case SOCKADDR: { struct sockaddr_un a = {.sun_family = pick(5) < 3 ? AF_UNIX : AF_UNSPEC, .sun_path = {0, 'f', pick(256), pick(256)}}; return (long)copy(&a, sizeof a); }
    case SOCKALEN: return ONEOF(2, 6, 6);
    case SOCKLENP: b[0] = ONEOF(4, 16, 110); return (long)copy(b, 8);
    case SOCKLEVEL: return SOL_SOCKET;
    case SOCKOPT: return pick(4) ? ONEOF(SO_SNDBUF, SO_RCVBUF, SO_PASSCRED, SO_REUSEADDR, SO_RCVLOWAT, SO_LINGER, SO_PEEK_OFF, SO_KEEPALIVE) : pick(80);
    case SOCKVAL: b[0] = pick(3000); return (long)copy(b, 16);
    case SOCKVLEN: return ONEOF(4, 8, 16);
    case MESSAGE: return message();
    case MESSAGES: for (int i = 0; i < 4; i++) memcpy((char *)b + 64 * i, (void *)message(), sizeof(struct msghdr)); return (long)copy(b, 256);
    case RECVFD: { int i = pick(2); if (write(fds[9 + i], "data", 4) < 0) {} return fds[10 - i]; }
    case SOCKDOM: return AF_UNIX;
    case SOCKTYPE: return ONEOF(SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM | SOCK_NONBLOCK);
    default: return (long)rnd();
    }
}
