// SPDX-License-Identifier: MPL-2.0
// Several messages in one call.
// Covers: sendmmsg recvmmsg
#include "sock.h"
static void test(void)
{
    int s[2], n;
    char b[8][16];
    struct iovec v[8];
    struct mmsghdr m[8];
    socketpair(AF_UNIX, SOCK_DGRAM, 0, s);
    memset(m, 0, sizeof m);
    const char *texts[] = {"zero", "one", "", "three", "four", "five", "six", "seven"};
    for (int i = 0; i < 8; i++)
        v[i] = (struct iovec){(void *)texts[i], strlen(texts[i])}, m[i].msg_hdr.msg_iov = v + i, m[i].msg_hdr.msg_iovlen = 1, m[i].msg_len = 77;
    R(sendmmsg(s[0], m, 8, 0)), V(m[0].msg_len), V(m[2].msg_len), V(m[7].msg_len), R(sendmmsg(s[0], m, 0, 0)), m[2].msg_hdr.msg_iov = BAD, R(sendmmsg(s[0], m, 8, 0)), R(sendmmsg(s[0], m + 2, 3, 0)), R(SC(sendmmsg, s[0], BAD, 2, 0)), R(SC(sendmmsg, 99, BAD, 2, 0)), R(SC(sendmmsg, 1, m, 2, 0)), R(SC(sendmmsg, s[0], m, 2, 0x80000000u));
    for (int i = 0; i < 8; i++)
        v[i] = (struct iovec){b[i], 4}, m[i].msg_hdr.msg_iov = v + i, m[i].msg_hdr.msg_iovlen = 1;
    R(n = recvmmsg(s[1], m, 3, 0, 0));
    for (int i = 0; i < n; i++)
        say("%d: %u %.*s flags %#x", i, m[i].msg_len, (int)m[i].msg_len, b[i], m[i].msg_hdr.msg_flags);
    R(n = recvmmsg(s[1], m, 8, MSG_WAITFORONE, 0)), R(recvmmsg(s[1], m, 8, MSG_DONTWAIT, 0)), R(recvmmsg(s[1], m, 0, 0, 0));
    // The time is looked at after each message only.
    struct timespec t = {0, 0};
    sendmmsg(s[0], m, 3, 0), R(recvmmsg(s[1], m, 8, 0, &t)), V(t.tv_sec), V(t.tv_nsec), t.tv_sec = 1000, R(recvmmsg(s[1], m, 2, 0, &t)), V(t.tv_sec > 990 && t.tv_sec <= 1000), t.tv_nsec = 1000000000, R(recvmmsg(s[1], m, 2, 0, &t)), t.tv_nsec = 0, t.tv_sec = -1, R(recvmmsg(s[1], m, 2, 0, &t)), R(SC(recvmmsg, s[1], m, 2, 0, BAD)), R(SC(recvmmsg, s[1], BAD, 2, MSG_DONTWAIT, 0)), R(SC(recvmmsg, 1, m, 2, 0, 0)), R(SC(recvmmsg, 99, m, 2, 0, BAD)), R(SC(recvmmsg, s[1], m, 2, 0x80000000u, 0));
    sendmmsg(s[0], m, 1, 0), INTR(recvmmsg(s[1], m, 2, 0, 0));
    // An error after some messages comes with the next call, and is what SO_ERROR says.
    int k[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, k), R(write(k[0], "12345678", 8)), m[1].msg_hdr.msg_iov = BAD, R(recvmmsg(k[1], m, 2, 0, 0)), m[1].msg_hdr.msg_iov = v + 1, R(recvmmsg(k[1], m, 8, MSG_WAITFORONE, 0)), R(recvmmsg(k[1], m, 8, MSG_WAITFORONE, 0)), close(k[0]), R(recvmmsg(k[1], m, 3, 0, 0)), V(m[0].msg_len);
    int e = 0;
    socklen_t l = 4;
    socketpair(AF_UNIX, SOCK_STREAM, 0, k), write(k[0], "12345678", 8), m[1].msg_hdr.msg_iov = BAD, R(recvmmsg(k[1], m, 2, 0, 0)), getsockopt(k[1], SOL_SOCKET, SO_ERROR, &e, &l), V(e), R(recvmmsg(k[1], m, 1, 0, 0));
}
