// SPDX-License-Identifier: MPL-2.0
// Options of sockets: what they are, what they become, what cannot be set.
// Covers: getsockopt setsockopt
#include "sock.h"
static void show(const char *what, int s, int name)
{
    unsigned char b[64];
    socklen_t l = 64;
    memset(b, 0, 64);
    long r = SC(getsockopt, s, SOL_SOCKET, name, b, &l);
    if (r)
        say("%s: %s", what, ename(errno));
    else if (l == 4)
        say("%s: %d", what, *(int *)b);
    else
        say("%s: length %d, %ld %ld", what, (int)l, *(long *)b, ((long *)b)[1]);
}
#define SHOW(o) show(#o, s, o)
static void set(const char *what, int s, int name, int v)
{
    char text[80];
    sprintf(text, "set %s to %d", what, v), RT(text, setsockopt(s, SOL_SOCKET, name, &v, 4)), show(what, s, name);
}
#define SET(o, v) set(#o, s, o, v)
static void test(void)
{
    const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    for (int i = 0; i < 3; i++) {
        int s = socket(AF_UNIX, types[i], 0);
        say("== type %d", types[i]), SHOW(SO_TYPE), SHOW(SO_DOMAIN), SHOW(SO_PROTOCOL), SHOW(SO_ERROR), SHOW(SO_ACCEPTCONN), SHOW(SO_SNDBUF), SHOW(SO_RCVBUF), SHOW(SO_RCVLOWAT), SHOW(SO_SNDLOWAT), SHOW(SO_RCVTIMEO), SHOW(SO_SNDTIMEO), SHOW(SO_LINGER), SHOW(SO_PASSCRED), SHOW(SO_REUSEADDR), SHOW(SO_KEEPALIVE), SHOW(SO_BROADCAST), SHOW(SO_OOBINLINE), SHOW(SO_PRIORITY), SHOW(SO_DONTROUTE), SHOW(SO_TIMESTAMP), SHOW(SO_REUSEPORT), SHOW(SO_BSDCOMPAT), SHOW(SO_NO_CHECK), SHOW(SO_MARK), SHOW(9999), SHOW(0), SHOW(-1);
        bind_to(s, "x"), listen(s, 1), SHOW(SO_ACCEPTCONN), unlink("x");
        SET(SO_SNDBUF, 10000), SET(SO_SNDBUF, 0), SET(SO_SNDBUF, 10000000), SET(SO_SNDBUF, -1), SET(SO_RCVBUF, 10000), SET(SO_RCVBUF, 0), SET(SO_RCVBUF, -1), SET(SO_SNDBUFFORCE, 1000000), SHOW(SO_SNDBUF), SET(SO_RCVBUFFORCE, -1), SHOW(SO_RCVBUF), SET(SO_RCVLOWAT, 0), SET(SO_RCVLOWAT, 7), SET(SO_RCVLOWAT, -1), SET(SO_SNDLOWAT, 7), SET(SO_TYPE, 1), SET(SO_DOMAIN, 1), SET(SO_PROTOCOL, 1), SET(SO_ERROR, 1), SET(SO_ACCEPTCONN, 1), SET(SO_PASSCRED, 7), SET(SO_REUSEADDR, 5), SET(SO_KEEPALIVE, 5), SET(SO_BROADCAST, 1), SET(SO_OOBINLINE, 1), SET(SO_PRIORITY, 6), SET(SO_PRIORITY, 7), SET(9999, 1);
        int one = 1;
        R(setsockopt(s, SOL_SOCKET, SO_PEERCRED, &one, 4));
        const struct timeval times[] = {{1, 500000}, {0, 0}, {0, 1000000}, {0, -1}, {-1, 0}, {LONG_MAX, 0}};
        for (unsigned k = 0; k < ARRAY(times); k++)
            R(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, times + k, 16)), k == 4 ? say("rounded") : SHOW(SO_RCVTIMEO);
        struct linger l = {1, 5};
        R(setsockopt(s, SOL_SOCKET, SO_LINGER, &l, 8)), SHOW(SO_LINGER), R(setsockopt(s, SOL_SOCKET, SO_LINGER, &l, 4)), R(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, times, 15)), R(setsockopt(s, SOL_SOCKET, SO_PASSCRED, times, 3)), R(setsockopt(s, SOL_SOCKET, SO_PASSCRED, times, 0)), R(SC(setsockopt, s, SOL_SOCKET, SO_PASSCRED, times, -1)), R(SC(setsockopt, s, SOL_SOCKET, SO_PASSCRED, BAD, 4)), R(SC(setsockopt, s, 6, 1, times, 4)), R(SC(setsockopt, 99, 6, 1, times, 4)), R(SC(setsockopt, 1, SOL_SOCKET, 1, times, 4));
        int v = 0, n = 2;
        R(SC(getsockopt, s, 6, 1, &v, &n)), R(SC(getsockopt, s, SOL_SOCKET, SO_SNDLOWAT, &v, &n)), V(v), V(n), n = 100, R(SC(getsockopt, s, SOL_SOCKET, SO_SNDLOWAT, &v, &n)), V(n), n = 0, R(SC(getsockopt, s, SOL_SOCKET, SO_TYPE, &v, &n)), V(n), n = -1, R(SC(getsockopt, s, SOL_SOCKET, SO_TYPE, &v, &n)), n = 4, R(SC(getsockopt, s, SOL_SOCKET, SO_TYPE, BAD, &n)), R(SC(getsockopt, s, SOL_SOCKET, SO_TYPE, &v, BAD)), R(SC(getsockopt, 1, SOL_SOCKET, SO_TYPE, &v, &n)), R(SC(getsockopt, 99, SOL_SOCKET, SO_TYPE, &v, &n)), close(s);
    }
    // Errors are told once.
    int s[2];
    char b;
    socketpair(AF_UNIX, SOCK_STREAM, 0, s), write(s[0], "x", 1), close(s[1]), show("reset", s[0], SO_ERROR), show("again", s[0], SO_ERROR), R(read(s[0], &b, 1));
    pid_t p;
    CHILD(p) { setuid(1234); int q = socket(AF_UNIX, SOCK_STREAM, 0), v = 1; R(setsockopt(q, SOL_SOCKET, SO_SNDBUFFORCE, &v, 4)), R(setsockopt(q, SOL_SOCKET, SO_DEBUG, &v, 4)), R(setsockopt(q, SOL_SOCKET, SO_MARK, &v, 4)), v = 7, R(setsockopt(q, SOL_SOCKET, SO_PRIORITY, &v, 4)); }
    reap("child", p);
}
