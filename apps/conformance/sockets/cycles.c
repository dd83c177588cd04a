// SPDX-License-Identifier: MPL-2.0
// Sockets that only messages in each other keep are ended: the last writer of a pipe among them ends too.
// Covers: sendmsg socketpair
#include "sock.h"
static int p[2];
// Waits until nobody has the pipe; other sockets come and go meanwhile.
static void ended(const char *what)
{
    char b;
    close(p[1]), fcntl(p[0], F_SETFL, O_NONBLOCK);
    for (int i = 0; i < 500; i++) {
        long r = read(p[0], &b, 1);
        if (r == 0) {
            say("%s: ended", what);
            break;
        }
        close(socket(AF_UNIX, SOCK_STREAM, 0)), nap(2);
        if (i == 499)
            say("%s: still there", what);
    }
    close(p[0]), pipe(p);
}
static void test(void)
{
    int a[2], b[2], c[2], v[2];
    char x;
    pipe(p);
    for (int type = SOCK_STREAM; type <= SOCK_SEQPACKET; type += type == SOCK_DGRAM ? 3 : 1) {
        // Both ends in their own queues
        socketpair(AF_UNIX, type, 0, a), v[0] = a[0], v[1] = p[1], R(send_files(a[0], "1", v, 2, 0)), v[0] = a[1], R(send_files(a[1], "2", v, 2, 0)), close(a[0]), close(a[1]), ended("both ends");
        // One end, to itself through the other
        socketpair(AF_UNIX, type, 0, a), v[0] = a[1], v[1] = p[1], R(send_files(a[0], "1", v, 2, 0)), close(a[0]), close(a[1]), ended("one end");
        // Two pairs across
        socketpair(AF_UNIX, type, 0, a), socketpair(AF_UNIX, type, 0, b), v[0] = b[1], v[1] = p[1], R(send_files(a[0], "1", v, 2, 0)), v[0] = a[1], R(send_files(b[0], "2", v, 2, 0)), close(a[0]), close(a[1]), close(b[0]), close(b[1]), ended("across");
        // A chain that somebody still holds, by a socket in the middle
        socketpair(AF_UNIX, type, 0, a), socketpair(AF_UNIX, type, 0, b), socketpair(AF_UNIX, type, 0, c);
        v[0] = b[1], v[1] = p[1], send_files(a[0], "a", v, 2, 0), v[0] = a[1], send_files(b[0], "b", v, 2, 0), v[0] = a[1], R(send_files(c[0], "c", v, 1, 0)), close(a[0]), close(a[1]), close(b[0]), close(b[1]), close(socket(AF_UNIX, SOCK_STREAM, 0));
        int fds[3], n;
        get(c[1], 0, 10, 100, fds, &n), V(n), get(fds[0], 0, 10, 100, fds + 1, &n), V(n), close(fds[0]), close(fds[1]), close(fds[2]), close(c[0]), close(c[1]), ended("held");
    }
    // Connections that wait to be accepted
    int l = listener(SOCK_STREAM, "@conformance.cycle", 5), k = socket(AF_UNIX, SOCK_STREAM, 0);
    connect_to(k, "@conformance.cycle"), v[0] = l, v[1] = p[1], R(send_files(k, "l", v, 2, 0)), close(k), close(l), ended("listener in its own queue");
    // By the exit of a process
    pid_t q;
    CHILD(q) { socketpair(AF_UNIX, SOCK_STREAM, 0, a), v[0] = a[0], v[1] = p[1], send_files(a[0], "1", v, 2, 0), v[0] = a[1], send_files(a[1], "2", v, 2, 0); }
    reap("child", q), ended("exit");
    // Depth: each in the queue of the next
    int before = dup(0), depth = 0;
    close(before), socketpair(AF_UNIX, SOCK_DGRAM, 0, a), v[0] = p[1], send_files(a[0], "0", v, 1, 0), close(a[0]);
    for (; depth < 500; depth++)
        socketpair(AF_UNIX, SOCK_DGRAM, 0, b), v[0] = a[1], send_files(b[0], "n", v, 1, 0), close(a[1]), close(b[0]), a[1] = b[1];
    V(depth), close(p[1]), fcntl(p[0], F_SETFL, O_NONBLOCK), R(read(p[0], &x, 1)), p[1] = dup(0), close(a[1]), ended("a long chain");
    int after = dup(0);
    V(after == before);
}
