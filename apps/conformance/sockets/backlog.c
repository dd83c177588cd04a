// SPDX-License-Identifier: MPL-2.0
// How many connections wait, who waits for a place, and what becomes of them when the listener ends.
// Covers: listen connect accept shutdown
#include "sock.h"
static int fill(const char *n)
{
    int made = 0;
    for (;;) {
        int c = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (connect_to(c, n))
            return close(c), made;
        made++;
    }
}
static void test(void)
{
    const int backlogs[] = {0, 1, 2, 5, -1};
    char b[10], n[20];
    for (int i = 0; i < 4; i++)
        sprintf(n, "b%d", i), listener(SOCK_STREAM, n, backlogs[i]), say("backlog %d holds %d", backlogs[i], fill(n));
    int s = listener(SOCK_STREAM, "more", 0);
    V(fill("more")), R(listen(s, 3)), V(fill("more")), R(listen(s, 0)), close(accept(s, 0, 0)), V(fill("more"));
    int c = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    R(connect_to(c, "more")), X(events(c)), fcntl(c, F_SETFL, 0);
    struct timeval tv = {0, 20000};
    setsockopt(c, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv), R(connect_to(c, "more")), tv.tv_usec = 0, setsockopt(c, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
    INTR(connect_to(c, "more"));
    // One who waits gets a place when another one was accepted.
    s = listener(SOCK_STREAM, "wait", 0), fill("wait");
    pid_t p;
    CHILD(p) { close(s), c = socket(AF_UNIX, SOCK_STREAM, 0), R(connect_to(c, "wait")), R(write(c, "in", 2)); }
    await_state(p, 0, 'S'), say("it sleeps"), close(accept(s, 0, 0)), reap("child", p);
    int d = accept(s, 0, 0);
    R(read(d, b, 10)), R(read(d, b, 10));
    // Or is refused when the listener goes, or shuts down.
    fill("wait");
    CHILD(p) { close(s), c = socket(AF_UNIX, SOCK_STREAM, 0), R(connect_to(c, "wait")); }
    await_state(p, 0, 'S'), close(s), reap("child", p);
    s = listener(SOCK_STREAM, "shut", 0), fill("shut");
    CHILD(p) { c = socket(AF_UNIX, SOCK_STREAM, 0), R(connect_to(c, "shut")); }
    await_state(p, 0, 'S'), R(shutdown(s, SHUT_RD)), await_state(p, 0, 'S'), kill(p, SIGKILL), reap("the one who waits", p), X(events(s)), OK(accept(s, 0, 0)), R(accept(s, 0, 0)), R(listen(s, 1));
    // A connection that nobody accepted is reset; what was written to it is lost.
    s = listener(SOCK_STREAM, "reset", 5), c = socket(AF_UNIX, SOCK_STREAM, 0), R(connect_to(c, "reset")), R(write(c, "lost", 4)), X(events(s)), X(events(c)), close(s), X(events(c)), R(read(c, b, 10)), R(read(c, b, 10)), signal(SIGPIPE, SIG_IGN), R(write(c, "x", 1));
    // One that is closed before it is accepted is accepted all the same.
    s = listener(SOCK_STREAM, "gone", 5), c = socket(AF_UNIX, SOCK_STREAM, 0), connect_to(c, "gone"), R(write(c, "left", 4)), close(c), d = accept(s, 0, 0), OK(d), R(read(d, b, 10)), R(read(d, b, 10)), R(write(d, "x", 1));
    R(fcntl(s, F_SETFL, O_NONBLOCK)), R(accept(s, 0, 0)), X(events(s)), tv.tv_usec = 20000, fcntl(s, F_SETFL, 0), setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv), R(accept(s, 0, 0)), tv.tv_usec = 0, setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv), INTR(accept(s, 0, 0));
    // To itself
    R(connect_to(s, "gone")), c = socket(AF_UNIX, SOCK_STREAM, 0), bind_to(c, "self"), R(connect_to(c, "self"));
}
