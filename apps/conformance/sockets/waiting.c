// SPDX-License-Identifier: MPL-2.0
// Waits: signals, restarts, time limits, all of a length, a low mark.
// Covers: recvfrom sendto setsockopt
#include "sock.h"
static int s[2];
static void feed(int n) { if (n == 3) write(s[1], "late", 4); }
static char big[1000000];
static void drain(int n) { if (n >= 3) recv(s[1], big, sizeof big, MSG_DONTWAIT); }
static void more(int n) { if (n == 2) write(s[1], "67", 2); else if (n == 4) write(s[1], "89", 2); }
static void test(void)
{
    char b[100];
    const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    struct timeval t = {0, 30000}, none = {0, 0};
    for (int i = 0; i < 3; i++) {
        say("== type %d", types[i]), socketpair(AF_UNIX, types[i], 0, s);
        INTR(recv(s[0], b, 10, 0)), RESTART(feed, recv(s[0], b, 10, 0)), RESTART(feed, read(s[0], b, 10)), setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t), R(recv(s[0], b, 10, 0)), R(read(s[0], b, 10));
        t.tv_sec = 5, setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t), INTR(recv(s[0], b, 10, 0)), on(SIGALRM, SIG_IGN, 0), alarms_on(SA_RESTART, 0), R(recv(s[0], b, 10, 0)), alarms_off(), t.tv_sec = 0, setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &none, sizeof t);
        fcntl(s[0], F_SETFL, O_NONBLOCK);
        while (send(s[0], big, 4000, 0) > 0) {}
        R(send(s[0], big, 4000, 0)), fcntl(s[0], F_SETFL, 0), setsockopt(s[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t), R(send(s[0], big, 4000, 0)), setsockopt(s[0], SOL_SOCKET, SO_SNDTIMEO, &none, sizeof t), INTR(send(s[0], big, 4000, 0)), RESTART(drain, send(s[0], big, 4000, 0)), close(s[0]), close(s[1]);
    }
    // All of the length, or as much as came before a signal, an end or the time.
    socketpair(AF_UNIX, SOCK_STREAM, 0, s), write(s[1], "12345", 5), RESTART(more, recv(s[0], b, 9, MSG_WAITALL)), B(b, 9), write(s[1], "123", 3), INTR(recv(s[0], b, 9, MSG_WAITALL)), write(s[1], "123", 3), setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t), R(recv(s[0], b, 9, MSG_WAITALL)), setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &none, sizeof t), write(s[1], "12", 2), R(recv(s[0], b, 9, MSG_WAITALL | MSG_DONTWAIT));
    int low = 4;
    setsockopt(s[0], SOL_SOCKET, SO_RCVLOWAT, &low, 4), write(s[1], "12345", 5), RESTART(more, recv(s[0], b, 100, 0)), write(s[1], "12", 2), R(recv(s[0], b, 2, 0)), write(s[1], "1", 1), X(events(s[0])), R(recv(s[0], b, 10, MSG_DONTWAIT));
    pid_t p;
    CHILD(p) { write(s[1], "end", 3), close(s[0]), nap(20); }
    close(s[1]), R(recv(s[0], b, 9, MSG_WAITALL)), R(recv(s[0], b, 9, MSG_WAITALL)), reap("child", p);
    // A large write arrives whole, through a reader.
    socketpair(AF_UNIX, SOCK_STREAM, 0, s);
    for (long i = 0; i < (long)sizeof big; i++)
        big[i] = i * 7 + (i >> 8);
    CHILD(p) { close(s[1]), R(write(s[0], big, sizeof big)); }
    close(s[0]);
    long total = 0, r, wrong = 0;
    char part[3333];
    while ((r = read(s[1], part, sizeof part)) > 0)
        for (long k = 0; k < r; k++, total++)
            wrong += part[k] != (char)(total * 7 + (total >> 8));
    V(total), V(wrong), reap("writer", p);
}
