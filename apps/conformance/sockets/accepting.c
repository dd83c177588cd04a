// SPDX-License-Identifier: MPL-2.0
// Flags of accepted sockets, and that a connection is not lost when there is no descriptor for it.
// Covers: accept accept4 socketpair
#include "sock.h"
#include <sys/resource.h>
static void test(void)
{
    int s = listener(SOCK_STREAM, "srv", 10), c[8], d;
    for (int i = 0; i < 8; i++)
        c[i] = socket(AF_UNIX, SOCK_STREAM, 0), connect_to(c[i], "srv"), write(c[i], "01234567" + i, 1);
    const int flags[] = {0, SOCK_NONBLOCK, SOCK_CLOEXEC, SOCK_NONBLOCK | SOCK_CLOEXEC};
    fcntl(s, F_SETFL, O_NONBLOCK);
    char b[10];
    for (int i = 0; i < 4; i++)
        d = accept4(s, 0, 0, flags[i]), say("descriptor flags %d, file flags %#x", fcntl(d, F_GETFD), fcntl(d, F_GETFL)), R(read(d, b, 10)), B(b, 1), close(d);
    R(SC(accept4, s, 0, 0, 1)), R(SC(accept4, s, 0, 0, O_APPEND));
    struct rlimit r, old;
    getrlimit(RLIMIT_NOFILE, &old), r = old, r.rlim_cur = dup(0), close(r.rlim_cur), setrlimit(RLIMIT_NOFILE, &r);
    int p[2];
    R(accept(s, 0, 0)), R(socket(AF_UNIX, SOCK_STREAM, 0)), p[0] = p[1] = -7, R(socketpair(AF_UNIX, SOCK_STREAM, 0, p)), V(p[0]), V(p[1]), r.rlim_cur++, setrlimit(RLIMIT_NOFILE, &r), R(socketpair(AF_UNIX, SOCK_STREAM, 0, p)), V(p[0]), V(p[1]), setrlimit(RLIMIT_NOFILE, &old);
    socklen_t l = 10;
    R(SC(accept, s, BAD, BAD));
    d = accept(s, 0, 0), R(read(d, b, 10)), B(b, 1), close(d), R(SC(accept, s, BAD, &l)), d = accept(s, 0, 0), R(read(d, b, 10)), B(b, 1), R(accept(s, 0, 0));
    int before = dup(0), after;
    close(before), R(SC(socketpair, AF_UNIX, SOCK_STREAM, 0, BAD)), after = dup(0), V(after == before);
}
