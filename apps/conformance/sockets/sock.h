// SPDX-License-Identifier: MPL-2.0
// Helpers of the programs on UNIX sockets. Paths are relative to the program's own directory.
#pragma once
#include "../conf.h"
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

// An address of a path, or of an abstract name if it begins with '@'; its length goes to *len.
__attribute__((unused)) static struct sockaddr_un name(const char *s, socklen_t *len)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    strcpy(a.sun_path, s);
    *len = offsetof(struct sockaddr_un, sun_path) + strlen(s) + (*s != '@');
    if (*s == '@')
        a.sun_path[0] = 0;
    return a;
}
__attribute__((unused)) static int bind_to(int s, const char *n)
{
    socklen_t l;
    struct sockaddr_un a = name(n, &l);
    return bind(s, (struct sockaddr *)&a, l);
}
__attribute__((unused)) static int connect_to(int s, const char *n)
{
    socklen_t l;
    struct sockaddr_un a = name(n, &l);
    return connect(s, (struct sockaddr *)&a, l);
}
__attribute__((unused)) static long send_to(int s, const char *text, int flags, const char *n)
{
    socklen_t l;
    struct sockaddr_un a = name(n, &l);
    return sendto(s, text, strlen(text), flags, (struct sockaddr *)&a, l);
}
__attribute__((unused)) static int listener(int type, const char *n, int backlog)
{
    int s = socket(AF_UNIX, type, 0);
    if (s < 0 || bind_to(s, n) || listen(s, backlog))
        say("listener %s: %s", n, ename(errno));
    return s;
}
// One message with files; n: of them.
__attribute__((unused)) static long send_files(int s, const char *text, const int *fds, int n, int flags)
{
    char c[CMSG_SPACE(4 * 300)] = {0};
    struct iovec v = {(void *)text, strlen(text)};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = c, .msg_controllen = CMSG_SPACE(4 * n)};
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    h->cmsg_level = SOL_SOCKET, h->cmsg_type = SCM_RIGHTS, h->cmsg_len = CMSG_LEN(4 * n);
    memcpy(CMSG_DATA(h), fds, 4 * n);
    return SC(sendmsg, s, &m, flags); // musl's own takes no more than 1024 bytes of control data
}
// Receives; prints the text, the flags and each control message; descriptors go to fds (as many as came is returned in *n).
__attribute__((unused)) static long get(int s, int flags, int room, int control, int *fds, int *n)
{
    char b[1000], c[2000];
    struct iovec v = {b, room};
    struct sockaddr_un from;
    memset(c, 0, sizeof c);
    struct msghdr m = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &v, .msg_iovlen = 1, .msg_control = control ? c : 0, .msg_controllen = control};
    int count = 0;
    errno = 0;
    long r = recvmsg(s, &m, flags);
    if (n)
        *n = 0;
    if (r < 0) {
        say("get: %s", ename(errno));
        return r;
    }
    b[r < room ? r : room] = 0;
    say("get: %ld \"%s\" flags %#x control %d name %d", r, b, m.msg_flags, (int)m.msg_controllen, (int)m.msg_namelen);
    for (struct cmsghdr *h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h)) {
        say("  control level %d type %d length %d", h->cmsg_level, h->cmsg_type, (int)h->cmsg_len);
        if (h->cmsg_type == SCM_RIGHTS) {
            count = (h->cmsg_len - CMSG_LEN(0)) / 4;
            for (int i = 0; i < count; i++) {
                int fd;
                memcpy(&fd, CMSG_DATA(h) + 4 * i, 4);
                say("    descriptor, close on exec %d", fcntl(fd, F_GETFD));
                if (fds)
                    fds[i] = fd;
                else
                    close(fd);
            }
            if (n)
                *n = count;
        } else if (h->cmsg_type == SCM_CREDENTIALS) {
            struct ucred u;
            memcpy(&u, CMSG_DATA(h), sizeof u);
            say("    pid %s uid %d gid %d", u.pid == 0 ? "0" : u.pid == getpid() ? "mine" : "other", u.uid, u.gid);
        }
    }
    return r;
}
// The length and the bytes of an address that a call gave.
__attribute__((unused)) static void show_name(const char *what, long r, struct sockaddr_un *a, socklen_t len)
{
    if (r < 0) {
        say("%s: %s", what, ename(errno));
        return;
    }
    say("%s: length %d family %d", what, (int)len, len >= 2 ? a->sun_family : -1);
    if (len > 2)
        show_bytes("  name", a->sun_path, (len > sizeof *a ? sizeof *a : len) - 2);
}
#define NAME(call, s) ({ struct sockaddr_un a_; socklen_t l_ = sizeof a_; memset(&a_, 0, sizeof a_); long r_ = call(s, (struct sockaddr *)&a_, &l_); show_name(#call " " #s, r_, &a_, l_); r_; })
__attribute__((unused)) static int events(int s)
{
    struct pollfd p = {s, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
    poll(&p, 1, 0);
    return p.revents;
}
