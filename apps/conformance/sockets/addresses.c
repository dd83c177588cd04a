// SPDX-License-Identifier: MPL-2.0
// Lengths of addresses, too short, too long and cut, and errors in their order.
// Covers: socket bind connect getsockname getpeername accept sendto recvfrom
#include "sock.h"
static void test(void)
{
    struct { struct sockaddr_un a; char more[100]; } x;
    memset(&x, 'n', sizeof x), x.a.sun_family = AF_UNIX;
    struct sockaddr *a = (struct sockaddr *)&x;
    int s = socket(AF_UNIX, SOCK_DGRAM, 0), t = socket(AF_UNIX, SOCK_DGRAM, 0);
    R(SC(socket, -1, SOCK_STREAM, 0)), R(SC(socket, 46, SOCK_STREAM, 0)), R(SC(socket, AF_UNIX, 0, 0)), R(SC(socket, AF_UNIX, 11, 0)), R(SC(socket, AF_UNIX, SOCK_RDM, 0)), R(SC(socket, AF_UNIX, SOCK_PACKET, 0)), R(SC(socket, AF_UNIX, SOCK_STREAM, 2)), R(SC(socket, AF_UNIX, SOCK_STREAM, -1));
    R(SC(socket, AF_UNIX, SOCK_STREAM | 0x100, 0)), R(SC(socket, 0, SOCK_STREAM, 0)), OK(SC(socket, AF_UNIX, SOCK_RAW, 1)), R(SC(socket, 999, 0x100, 0)), R(SC(socket, 999, 12, 0));
    const int lengths[] = {-1, 0, 1, 2, 3, 110, 111, 128, 129, 4096, INT_MAX, INT_MIN};
    for (unsigned i = 0; i < ARRAY(lengths); i++) {
        char text[100];
        int u = socket(AF_UNIX, SOCK_STREAM, 0);
        sprintf(text, "bind %d", lengths[i]), RT(text, SC(bind, u, a, lengths[i])), sprintf(text, "connect %d", lengths[i]), RT(text, SC(connect, u, a, lengths[i])), close(u), unlink("n");
        u = socket(AF_UNIX, SOCK_DGRAM, 0);
        sprintf(text, "dgram connect %d", lengths[i]), RT(text, SC(connect, u, a, lengths[i])), sprintf(text, "sendto %d", lengths[i]), RT(text, SC(sendto, u, "x", 1, 0, a, lengths[i])), close(u);
    }
    // The longest path has no zero behind it.
    memset(x.a.sun_path, 'l', 108), R(bind(s, a, 110)), NAME(getsockname, s), R(connect(t, a, 110)), R(SC(sendto, t, "x", 1, 0, a, 110));
    struct stat st;
    char path[200] = {0};
    memset(path, 'l', 108), R(stat(path, &st)), strcpy(path, "short"), memset(&x.a.sun_path, 0, 108), strcpy(x.a.sun_path, "short"), s = socket(AF_UNIX, SOCK_DGRAM, 0), R(bind(s, a, 110)), NAME(getsockname, s);
    x.a.sun_family = AF_INET, R(bind(s, a, 20)), R(connect(s, a, 20)), R(SC(sendto, s, "x", 1, 0, a, 20)), x.a.sun_family = AF_UNSPEC, R(bind(t, a, 20)), R(connect(socket(AF_UNIX, SOCK_STREAM, 0), a, 20)), R(connect(s, a, 1)), R(connect(s, a, 2));
    x.a.sun_family = AF_UNIX, R(SC(bind, s, BAD, 20)), R(SC(connect, s, BAD, 20)), R(SC(bind, 99, a, 20)), R(SC(bind, 1, a, 20)), R(SC(connect, 1, a, 20)), R(SC(listen, 1, 0)), R(SC(listen, 99, 0)), R(SC(listen, s, 0)), R(SC(accept, s, 0, 0)), R(SC(accept4, s, 0, 0, 77)), R(SC(accept4, 99, 0, 0, 77)), R(SC(accept4, 1, 0, 0, 77)), R(SC(accept4, 1, 0, 0, 0));
    // Names that are cut
    for (int i = -1; i < 12; i++) {
        char text[50];
        struct sockaddr_un n;
        int l = i;
        memset(&n, '#', sizeof n), sprintf(text, "getsockname %d", i);
        if (RT(text, SC(getsockname, s, &n, &l)) == 0)
            V(l), B(&n, 12);
    }
    int l = 100;
    R(SC(getsockname, s, BAD, &l)), R(SC(getsockname, s, &x, BAD)), R(SC(getsockname, 1, &x, &l)), R(SC(getpeername, s, BAD, &l)), R(SC(getsockname, 99, BAD, BAD)), l = 0, R(SC(getsockname, s, BAD, &l)), V(l);
    // Where a datagram is from: somebody without a name, and one with
    char b[10];
    struct sockaddr_un f;
    int u = socket(AF_UNIX, SOCK_DGRAM, 0);
    R(send_to(u, "one", 0, "short")), l = sizeof f, R(SC(recvfrom, s, b, 10, 0, &f, &l)), V(l), bind_to(u, "from"), R(send_to(u, "two", 0, "short")), l = 5, memset(&f, '#', sizeof f), R(SC(recvfrom, s, b, 10, 0, &f, &l)), V(l), B(&f, 10);
    R(send_to(u, "three", 0, "short")), l = -1, R(SC(recvfrom, s, b, 10, MSG_DONTWAIT, &f, &l)), R(SC(recvfrom, s, b, 10, MSG_DONTWAIT, &f, &l)), R(send_to(u, "four", 0, "short")), R(SC(recvfrom, s, b, 10, MSG_DONTWAIT, &f, BAD)), R(SC(recvfrom, s, b, 10, MSG_DONTWAIT, 0, BAD));
}
