// SPDX-License-Identifier: MPL-2.0
// Looking without taking: MSG_PEEK, SO_PEEK_OFF, MSG_TRUNC.
// Covers: recvfrom setsockopt getsockopt
#include "sock.h"
static void off(int s)
{
    int v = -7;
    socklen_t l = 4;
    getsockopt(s, SOL_SOCKET, SO_PEEK_OFF, &v, &l), say("offset %d", v);
}
#define LOOK(n, flags) ({ memset(b, 0, sizeof b); R(recv(s[1], b, n, (flags) | MSG_DONTWAIT)); S(b); off(s[1]); })
static void test(void)
{
    char b[100];
    int s[2], v;
    const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    for (int i = 0; i < 3; i++) {
        say("== type %d", types[i]), socketpair(AF_UNIX, types[i], 0, s), off(s[1]);
        R(send(s[0], "one", 3, 0)), R(send(s[0], "two", 3, 0)), R(send(s[0], "three", 5, 0));
        LOOK(2, MSG_PEEK), LOOK(50, MSG_PEEK), LOOK(2, MSG_PEEK | MSG_TRUNC), LOOK(50, MSG_PEEK | MSG_WAITALL | MSG_DONTWAIT), v = 1, R(setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &v, 4)), LOOK(1, MSG_PEEK), LOOK(50, MSG_PEEK), LOOK(50, MSG_PEEK), LOOK(50, MSG_PEEK), LOOK(50, MSG_PEEK | MSG_DONTWAIT);
        LOOK(2, 0), v = 0, R(setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &v, 4)), LOOK(4, MSG_PEEK), LOOK(4, MSG_PEEK), LOOK(50, 0), v = -1, R(setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &v, 4)), LOOK(50, MSG_PEEK | MSG_DONTWAIT), LOOK(50, MSG_DONTWAIT), LOOK(50, MSG_DONTWAIT), v = 3, setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &v, 4), R(send(s[0], "four", 4, 0)), LOOK(50, MSG_PEEK | MSG_DONTWAIT), LOOK(50, 0), v = -9, R(setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &v, 4)), off(s[1]), v = 5;
        setsockopt(s[1], SOL_SOCKET, SO_PEEK_OFF, &v, 4), close(s[0]), R(recv(s[1], b, 10, MSG_PEEK | MSG_DONTWAIT)), close(s[1]);
    }
}
