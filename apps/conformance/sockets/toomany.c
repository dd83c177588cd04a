// SPDX-License-Identifier: MPL-2.0
// How many files a user's messages may carry: his limit of descriptors, unless he is privileged.
// Covers: sendmsg
#include "sock.h"
#include <sys/resource.h>
static int sent(int s, int each)
{
    int fds[64], n = 0;
    for (int i = 0; i < 64; i++)
        fds[i] = 1;
    while (n < 3000 && send_files(s, "f", fds, each, MSG_DONTWAIT) == 1)
        n += each;
    say("%s", n < 3000 ? ename(errno) : "as many as wanted");
    return n;
}
static void test(void)
{
    struct rlimit r = {40, 40};
    pid_t p;
    int s[2], n;
    socketpair(AF_UNIX, SOCK_STREAM, 0, s), V(sent(s[0], 60)), close(s[0]), close(s[1]);
    CHILD(p) {
        setrlimit(RLIMIT_NOFILE, &r), setgid(1234), setuid(1234), socketpair(AF_UNIX, SOCK_STREAM, 0, s);
        V(sent(s[0], 1)), V(sent(s[0], 1)), R(send(s[0], "x", 1, 0)), get(s[1], 0, 1, 100, 0, &n), V(sent(s[0], 1));
        int t[2];
        socketpair(AF_UNIX, SOCK_DGRAM, 0, t), V(sent(t[0], 1)), close(s[0]), close(s[1]), V(sent(t[0], 25));
    }
    reap("child", p);
}
