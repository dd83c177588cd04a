// SPDX-License-Identifier: MPL-2.0
// Descriptors in messages: what they share, what they may, cut lists, too few numbers, borders in streams.
// Covers: sendmsg recvmsg
#include "sock.h"
#include <sys/resource.h>
static void test(void)
{
    char b[100];
    int s[2], fds[300], n, p[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, s), fcntl(s[1], F_SETFL, O_NONBLOCK);
    int f = open("file", O_CREAT | O_RDWR, 0644);
    R(write(f, "0123456789", 10)), lseek(f, 2, SEEK_SET), R(send_files(s[0], "file", &f, 1, 0)), get(s[1], 0, 100, 100, fds, &n), V(n), R(read(fds[0], b, 3)), R(lseek(f, 0, SEEK_CUR)), close(f), R(pread(fds[0], b, 10, 0)), close(fds[0]);
    // The rights are those it was opened with.
    int ro = open("file", O_RDONLY), wo = open("file", O_WRONLY | O_APPEND), po = open("file", O_PATH), list[3] = {ro, wo, po};
    R(send_files(s[0], "three", list, 3, 0)), get(s[1], MSG_CMSG_CLOEXEC, 100, 100, fds, &n), R(read(fds[0], b, 10)), R(write(fds[0], b, 1)), R(read(fds[1], b, 1)), R(write(fds[1], b, 1)), R(read(fds[2], b, 1)), X(fcntl(fds[1], F_GETFL)), close(fds[0]), close(fds[1]), close(fds[2]);
    // Bad ones
    int bad = 99;
    R(send_files(s[0], "x", &bad, 1, 0)), bad = -1, R(send_files(s[0], "x", &bad, 1, 0)), R(recv(s[1], b, 10, MSG_DONTWAIT));
    for (int i = 0; i < 300; i++)
        fds[i] = 1;
    R(send_files(s[0], "x", fds, 254, 0)), R(send_files(s[0], "x", fds, 253, 0)), get(s[1], MSG_CMSG_CLOEXEC | MSG_PEEK | MSG_DONTWAIT, 1, 24, 0, &n), get(s[1], MSG_DONTWAIT, 10, 36, 0, &n), V(n);
    // Room for some only, for none, or no control buffer
    pipe(p), fcntl(p[0], F_SETFL, O_NONBLOCK), list[0] = list[1] = list[2] = p[1];
    const int rooms[] = {CMSG_LEN(8), CMSG_LEN(7), CMSG_LEN(3), CMSG_LEN(0), 15, 1, 0};
    for (unsigned i = 0; i < ARRAY(rooms); i++)
        say("room %d", rooms[i]), R(send_files(s[0], "cut", list, 3, 0)), get(s[1], 0, 10, rooms[i], 0, &n);
    R(send_files(s[0], "read", list, 3, 0)), R(read(s[1], b, 10)), R(send_files(s[0], "recv", list, 3, 0)), R(recv(s[1], b, 10, 0));
    // Too few descriptors: what came is cut, the others are closed.
    struct rlimit r, old;
    getrlimit(RLIMIT_NOFILE, &old), r = old, r.rlim_cur = dup(0) + 2, close(r.rlim_cur - 2), setrlimit(RLIMIT_NOFILE, &r);
    R(send_files(s[0], "few", list, 3, 0)), get(s[1], 0, 10, 100, fds, &n), V(n), close(fds[0]), close(fds[1]), setrlimit(RLIMIT_NOFILE, &old), close(p[1]), close(wo), R(read(p[0], b, 1));
    // A message with files is a border for reads, on both sides.
    pipe(p), R(write(s[0], "before", 6)), R(send_files(s[0], "with", p, 1, 0)), R(write(s[0], "after", 5)), R(send_files(s[0], "again", p, 1, 0));
    get(s[1], 0, 100, 100, 0, &n), get(s[1], 0, 100, 100, 0, &n), get(s[1], 0, 100, 100, 0, &n);
    R(send_files(s[0], "parts", p, 2, 0)), get(s[1], 0, 2, 100, 0, &n), get(s[1], 0, 100, 100, 0, &n);
    // A look leaves them there, and gives descriptors of its own.
    R(send_files(s[0], "peek", p, 1, 0)), get(s[1], MSG_PEEK, 100, 100, 0, &n), get(s[1], MSG_PEEK, 2, 100, 0, &n), get(s[1], 0, 100, 100, 0, &n);
    // No bytes: in a stream nothing is sent, as a datagram it is.
    R(send_files(s[0], "", p, 1, 0)), R(recv(s[1], b, 1, MSG_DONTWAIT));
    int d[2];
    socketpair(AF_UNIX, SOCK_DGRAM, 0, d), R(send_files(d[0], "", p, 1, 0)), get(d[1], 0, 100, 100, 0, &n), R(send_files(d[0], "cut text", p, 2, 0)), get(d[1], 0, 3, 100, 0, &n);
    // A file in a message lives; with the message it ends.
    close(p[0]), pipe(p), R(send_files(d[0], "end", p + 1, 1, 0)), close(p[1]), fcntl(p[0], F_SETFL, O_NONBLOCK), R(read(p[0], b, 1)), close(d[1]), R(read(p[0], b, 1));
    // Control messages that are wrong
    static const struct { int level, type; long length, given; } wrong[] = {{SOL_SOCKET, 99, 20, 24}, {7, 1, 20, 24}, {SOL_SOCKET, SCM_RIGHTS, 15, 24}, {SOL_SOCKET, SCM_RIGHTS, 16, 16}, {SOL_SOCKET, SCM_RIGHTS, 19, 24}, {SOL_SOCKET, SCM_RIGHTS, 25, 24}, {SOL_SOCKET, SCM_RIGHTS, 0, 24}, {SOL_SOCKET, SCM_RIGHTS, 20, 8}, {SOL_SOCKET, SCM_CREDENTIALS, 20, 24}, {SOL_SOCKET, SCM_RIGHTS, -1, 24}};
    for (unsigned i = 0; i < ARRAY(wrong); i++) {
        char c[64] = {0}, text[50];
        struct cmsghdr *h = (void *)c;
        struct iovec v = {"w", 1};
        struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = c, .msg_controllen = wrong[i].given};
        h->cmsg_level = wrong[i].level, h->cmsg_type = wrong[i].type, h->cmsg_len = wrong[i].length, sprintf(text, "wrong %u", i), RT(text, sendmsg(s[0], &m, 0)), R(recv(s[1], b, 10, MSG_DONTWAIT));
    }
}
