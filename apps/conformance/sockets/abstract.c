// SPDX-License-Identifier: MPL-2.0
// Abstract names: any bytes, one for each kind of socket, free when the socket ends; automatic names.
// Covers: bind connect getsockname
#include "sock.h"
static void test(void)
{
    int s = socket(AF_UNIX, SOCK_STREAM, 0), d = socket(AF_UNIX, SOCK_DGRAM, 0), q = socket(AF_UNIX, SOCK_SEQPACKET, 0), t = socket(AF_UNIX, SOCK_STREAM, 0);
    R(bind_to(s, "@conformance.abc")), R(bind_to(d, "@conformance.abc")), R(bind_to(q, "@conformance.abc")), R(bind_to(t, "@conformance.abc")), NAME(getsockname, s);
    R(connect_to(t, "@conformance.abc")), R(listen(s, 1)), R(connect_to(t, "@conformance.ab")), R(connect_to(t, "@conformance.abcd")), R(connect_to(t, "@conformance.abc")), NAME(getpeername, t), NAME(getsockname, t);
    int u = socket(AF_UNIX, SOCK_DGRAM, 0);
    R(connect_to(u, "@conformance.abc")), R(send(u, "x", 1, 0)), NAME(getsockname, u), close(s);
    s = socket(AF_UNIX, SOCK_STREAM, 0), R(bind_to(s, "@conformance.abc")), close(d), R(send(u, "x", 1, 0)), R(send(u, "x", 1, 0));
    // Zeros inside, and bytes of all kinds.
    struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "\0a\0b\xff"};
    R(bind(u, (struct sockaddr *)&a, 2 + 6)), NAME(getsockname, u), d = socket(AF_UNIX, SOCK_DGRAM, 0), R(connect(d, (struct sockaddr *)&a, 2 + 5)), R(connect(d, (struct sockaddr *)&a, 2 + 6)), R(write(d, "x", 1));
    int one = socket(AF_UNIX, SOCK_DGRAM, 0);
    R(bind(one, (struct sockaddr *)&a, 3)), NAME(getsockname, one);
    // No name at all: five hexadecimal digits.
    int z = socket(AF_UNIX, SOCK_STREAM, 0);
    R(bind(z, (struct sockaddr *)&a, 2));
    struct sockaddr_un n;
    socklen_t l = sizeof n;
    getsockname(z, (struct sockaddr *)&n, &l), V(l), V(n.sun_path[0]);
    int hex = 1;
    for (int i = 1; i < 6; i++)
        hex &= strchr("0123456789abcdef", n.sun_path[i]) != 0;
    V(hex), R(bind(z, (struct sockaddr *)&a, 2)), R(bind_to(z, "@conformance.x"));
    struct sockaddr_un again;
    socklen_t k = sizeof again;
    getsockname(z, (struct sockaddr *)&again, &k), V(k == l && !memcmp(&n, &again, l));
    // Many of them, all different.
    static char seen[200][6];
    int same = 0;
    for (int i = 0; i < 200; i++) {
        int x = socket(AF_UNIX, SOCK_DGRAM, 0);
        bind(x, (struct sockaddr *)&a, 2), l = sizeof n, getsockname(x, (struct sockaddr *)&n, &l), memcpy(seen[i], n.sun_path + 1, 5);
        for (int j = 0; j < i; j++)
            same += !strcmp(seen[i], seen[j]);
    }
    V(same);
}
