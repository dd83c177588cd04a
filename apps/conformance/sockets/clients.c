// SPDX-License-Identifier: MPL-2.0
// A server of several processes and many clients; every answer reaches who asked.
// Covers: accept connect
#include "sock.h"
static void test(void)
{
    enum { servers = 3, clients = 12, rounds = 20 };
    int l = listener(SOCK_STREAM, "srv", 4), good = 0, ended = 0;
    pid_t s[servers], c[clients];
    for (int i = 0; i < servers; i++)
        CHILD(s[i]) {
            for (;;) {
                int d = accept(l, 0, 0);
                long n, v;
                if (d < 0)
                    break;
                while ((n = recv(d, &v, sizeof v, MSG_WAITALL)) == sizeof v)
                    v = v * 3 + 1, write(d, &v, sizeof v);
                close(d);
            }
        }
    for (int i = 0; i < clients; i++)
        CHILD(c[i]) {
            long bad = 0;
            for (int k = 0; k < rounds; k++) {
                int d = socket(AF_UNIX, SOCK_STREAM, 0);
                bad += connect_to(d, "srv") != 0;
                for (long j = 0; j < 5; j++) {
                    long v = i * 1000 + k * 10 + j, a = v;
                    write(d, &v, sizeof v), bad += recv(d, &v, sizeof v, MSG_WAITALL) != sizeof v || v != a * 3 + 1;
                }
                close(d);
            }
            _exit(bad != 0);
        }
    for (int i = 0, st; i < clients; i++)
        waitpid(c[i], &st, 0), good += st == 0;
    V(good), shutdown(l, SHUT_RD);
    for (int i = 0, st; i < servers; i++)
        waitpid(s[i], &st, 0), ended += st == 0;
    V(ended);
}
