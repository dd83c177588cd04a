// SPDX-License-Identifier: MPL-2.0
// Who sends and who connected: SCM_CREDENTIALS, SO_PASSCRED, SO_PEERCRED, SO_PEERGROUPS.
// Covers: sendmsg recvmsg setsockopt getsockopt
#include "sock.h"
#include <grp.h>
static long send_cred(int s, int pid, int uid, int gid)
{
    char c[CMSG_SPACE(12)] = {0};
    struct ucred u = {pid, uid, gid};
    struct iovec v = {"cred", 4};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = c, .msg_controllen = sizeof c};
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    h->cmsg_level = SOL_SOCKET, h->cmsg_type = SCM_CREDENTIALS, h->cmsg_len = CMSG_LEN(12), memcpy(CMSG_DATA(h), &u, 12);
    return sendmsg(s, &m, 0);
}
static void peer(int s)
{
    struct ucred u = {-7, 0, 0};
    socklen_t l = sizeof u;
    long r = getsockopt(s, SOL_SOCKET, SO_PEERCRED, &u, &l);
    say("peer: %ld length %d pid %s uid %d gid %d", r, (int)l, u.pid == 0 ? "0" : u.pid == getpid() ? "mine" : "other", u.uid, u.gid);
}
static void groups(int s, int room)
{
    gid_t g[20];
    socklen_t l = room;
    memset(g, 0x11, sizeof g);
    long r = getsockopt(s, SOL_SOCKET, 59, g, &l);
    say("groups: %s length %d, %d %d %d", r ? ename(errno) : "0", (int)l, (int)g[0], (int)g[1], (int)g[2]);
}
static void test(void)
{
    int s[2], on = 1, n;
    pid_t p;
    socketpair(AF_UNIX, SOCK_STREAM, 0, s), R(send(s[0], "a", 1, 0)), R(setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &on, 4)), get(s[1], 0, 10, 100, 0, 0), R(send(s[0], "b", 1, 0)), R(send(s[0], "c", 1, 0)), get(s[1], 0, 10, 100, 0, 0);
    R(send(s[0], "d", 1, 0));
    CHILD(p) { send(s[0], "e", 1, 0); }
    reap("child", p), get(s[1], 0, 10, 100, 0, 0), get(s[1], 0, 10, 100, 0, 0), R(send(s[0], "f", 1, 0)), get(s[1], 0, 10, 20, 0, 0), R(send(s[0], "g", 1, 0)), get(s[1], 0, 10, 0, 0, 0);
    R(send_cred(s[0], getpid(), 0, 0)), get(s[1], 0, 10, 100, 0, 0), R(send_cred(s[0], getpid(), 77, 88)), get(s[1], 0, 10, 100, 0, 0), R(send_cred(s[0], 1, 0, 0)), get(s[1], 0, 10, 100, 0, 0), R(send_cred(s[0], 999999, 0, 0)), R(send_cred(s[0], getpid(), -1, 0)), R(send_cred(s[0], getpid(), 0, -1));
    on = 0, setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &on, 4), R(send_cred(s[0], getpid(), 0, 0)), get(s[1], 0, 10, 100, 0, 0), on = 1, setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &on, 4);
    CHILD(p) {
        setresgid(5, 6, 7), setresuid(5, 6, 7), R(send_cred(s[0], getpid(), 5, 5)), R(send_cred(s[0], getpid(), 6, 7)), R(send_cred(s[0], getpid(), 0, 5)), R(send_cred(s[0], getpid(), 5, 0)), R(send_cred(s[0], 1, 5, 5)), R(write(s[0], "w", 1));
        peer(s[0]);
        int t[2];
        socketpair(AF_UNIX, SOCK_STREAM, 0, t), peer(t[0]);
    }
    reap("child", p), get(s[1], 0, 10, 100, 0, 0), get(s[1], 0, 10, 100, 0, 0), get(s[1], 0, 10, 100, 0, 0), peer(s[0]);
    int one = 1;
    // Files and credentials in one message
    send_files(s[0], "both", &one, 1, 0), get(s[1], 0, 10, 100, 0, &n), send_files(s[0], "both", &one, 1, 0), get(s[1], 0, 10, CMSG_SPACE(12), 0, &n), send_files(s[0], "both", &one, 1, 0), get(s[1], 0, 10, CMSG_SPACE(12) + CMSG_LEN(4), 0, &n);
    // Connections: the listener's as of listen, the other's as of connect
    int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
    peer(l), groups(l, 80), bind_to(l, "srv"), peer(l), chmod("srv", 0777);
    gid_t g[3] = {30, 10, 20};
    setgroups(3, g), R(listen(l, 2)), peer(l), groups(l, 80), groups(l, 12), groups(l, 11), groups(l, 0), setgroups(0, g);
    CHILD(p) { setresgid(5, 6, 7), setresuid(5, 6, 7), R(connect_to(c, "srv")), peer(c), groups(c, 80); }
    reap("child", p);
    int d = accept(l, 0, 0);
    peer(d), groups(d, 80), peer(c), groups(c, 80);
    // Automatic names, when who asks for credentials sends or connects
    int u = socket(AF_UNIX, SOCK_DGRAM, 0), v = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct sockaddr_un a;
    socklen_t len = sizeof a;
    setsockopt(u, SOL_SOCKET, SO_PASSCRED, &on, 4), bind_to(v, "v"), R(send_to(u, "x", 0, "v")), getsockname(u, (void *)&a, &len), V(len), peer(u), groups(u, 80);
}
