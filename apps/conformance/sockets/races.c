// SPDX-License-Identifier: MPL-2.0
// Threads that send, receive, pass and close the same sockets at the same time: nothing is lost, and nothing hangs.
// Covers: shutdown socketpair
#include "sock.h"
#include <pthread.h>
static int s[2], l;
static volatile int stop;
static volatile long total;
static void *writer(void *a)
{
    (void)a;
    char b[100];
    memset(b, 1, sizeof b);
    for (int i = 0; i < 300; i++)
        for (long n = 0, r; n < 100; n += r)
            if ((r = write(s[0], b, 100 - n)) < 0)
                return 0;
    return 0;
}
static void *reader(void *a)
{
    (void)a;
    char b[77];
    for (long r; (r = read(s[1], b, sizeof b)) > 0;)
        __atomic_add_fetch(&total, r, __ATOMIC_RELAXED);
    return 0;
}
// Passes sockets in circles, receives what others passed, and closes.
static void *passer(void *a)
{
    (void)a;
    for (int i = 0; i < 80; i++) {
        int p[2], q[2], n = 0, fds[4];
        char b[4], c[CMSG_SPACE(16)];
        socketpair(AF_UNIX, SOCK_DGRAM, 0, p), socketpair(AF_UNIX, SOCK_STREAM, 0, q);
        send_files(p[0], "x", q, 2, MSG_DONTWAIT), send_files(q[0], "y", p, 2, MSG_DONTWAIT), send_files(s[0], "z", p, 1, MSG_DONTWAIT);
        struct iovec v = {b, 1};
        struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = c, .msg_controllen = sizeof c};
        if (i % 2 && recvmsg(s[1], &m, MSG_DONTWAIT) == 1)
            for (struct cmsghdr *h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h)) {
                n = (h->cmsg_len - CMSG_LEN(0)) / 4, memcpy(fds, CMSG_DATA(h), 4 * n);
                while (n)
                    close(fds[--n]);
            }
        close(p[0]), close(q[1]), close(q[0]), close(p[1]);
    }
    return 0;
}
static void *connecter(void *a)
{
    (void)a;
    for (int i = 0; i < 80; i++) {
        int c = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (connect_to(c, "@conformance.races") == 0)
            shutdown(c, i % 3), write(c, "x", i % 3 == SHUT_RD);
        close(c);
    }
    return 0;
}
static void *accepter(void *a)
{
    (void)a;
    while (!stop) {
        int d = accept(l, 0, 0);
        char b;
        if (d >= 0)
            recv(d, &b, 1, MSG_DONTWAIT), close(d);
    }
    return 0;
}
// Datagrams to names that come and go.
static void *namer(void *a)
{
    (void)a;
    char b[10];
    for (int i = 0; i < 80; i++) {
        int d = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0), e = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        struct sockaddr none = {AF_UNSPEC, {0}};
        bind_to(d, "@conformance.race"), connect_to(e, "@conformance.race"), send(e, "x", 1, MSG_NOSIGNAL), recv(d, b, 10, 0), connect(e, &none, 2), send_to(e, "y", MSG_NOSIGNAL, "@conformance.race"), close(d), send_to(e, "z", MSG_NOSIGNAL, "@conformance.race"), close(e);
    }
    return 0;
}
static void pairs(void *(*f)(void *), void *(*g)(void *))
{
    pthread_t t[4];
    for (int i = 0; i < 4; i++)
        pthread_create(t + i, 0, i % 2 ? f : g, 0);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], 0);
}
static void test(void)
{
    pthread_t t[4];
    signal(SIGPIPE, SIG_IGN);
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    for (int i = 0; i < 4; i++)
        pthread_create(t + i, 0, i < 2 ? writer : reader, 0);
    pthread_join(t[0], 0), pthread_join(t[1], 0), close(s[0]), pthread_join(t[2], 0), pthread_join(t[3], 0), V(total), close(s[1]);
    socketpair(AF_UNIX, SOCK_STREAM, 0, s), pairs(passer, passer), close(s[0]), close(s[1]), say("passed");
    pairs(namer, namer), say("named");
    l = listener(SOCK_STREAM, "@conformance.races", 3), pthread_create(t, 0, accepter, 0), pthread_create(t + 1, 0, accepter, 0), pairs(connecter, connecter), stop = 1, shutdown(l, SHUT_RD), pthread_join(t[0], 0), pthread_join(t[1], 0), say("accepted");
    // A reader whose socket another thread closes
    socketpair(AF_UNIX, SOCK_STREAM, 0, s), total = 0, pthread_create(t, 0, reader, 0), nap(5), shutdown(s[1], SHUT_RDWR), pthread_join(t[0], 0), V(total);
    int before = dup(0), a, b[2];
    close(before), socketpair(AF_UNIX, SOCK_STREAM, 0, b), close(b[0]), close(b[1]), a = dup(0), V(a == before);
}
