// SPDX-License-Identifier: MPL-2.0
// What fits into a pipe, which writes are atomic, and how blocked writers go on.
// Covers: write pipe fcntl
#include "../conf.h"
static void test(void)
{
    static char big[200000], in[200000];
    int p[2];
    pipe2(p, O_NONBLOCK);
    memset(big, 'a', sizeof big);
    R(write(p[1], big, sizeof big));
    R(write(p[1], big, 1));
    R(write(p[1], big, 4096));
    R(read(p[0], in, 100));
    R(write(p[1], big, 1));
    R(read(p[0], in, 4096));
    R(write(p[1], big, 4096));
    R(write(p[1], big, 4096));
    long n, total = 0;
    while ((n = read(p[0], in, sizeof in)) > 0)
        total += n;
    V(total);
    // Small writes: pages, not bytes, are what is full first; a page takes what still fits.
    int count = 0;
    while (write(p[1], big, 4095) == 4095)
        count++;
    V(count);
    total = 0;
    while ((n = read(p[0], in, sizeof in)) > 0)
        total += n;
    V(total);
    count = 0;
    while (write(p[1], "x", 1) == 1)
        count++;
    V(count);
    while (read(p[0], in, sizeof in) > 0) {}
    // A large blocking write goes out in pieces while a child reads; order is kept.
    int q[2];
    pipe(q);
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = i * 7 + i / 256;
    pid_t c;
    CHILD(c) {
        close(q[1]);
        size_t o = 0;
        while ((n = read(q[0], in + o, 1000)) > 0)
            o += n;
        say("child read %ld, right: %d", (long)o, memcmp(in, big, o) == 0);
    }
    close(q[0]);
    R(write(q[1], big, sizeof big));
    close(q[1]);
    reap("reader", c);
    // Several writers: pieces of up to PIPE_BUF are never mixed.
    pipe(q);
    pid_t w[4];
    for (int i = 0; i < 4; i++)
        CHILD(w[i]) {
            char rec[512];
            memset(rec, 'A' + i, sizeof rec);
            for (int k = 0; k < 300; k++)
                if (write(q[1], rec, sizeof rec) != sizeof rec)
                    say("short write");
        }
    close(q[1]);
    long recs[4] = {0}, mixed = 0;
    char rec[512];
    for (size_t o;;) {
        for (o = 0; o < sizeof rec && (n = read(q[0], rec + o, sizeof rec - o)) > 0;)
            o += n;
        if (o < sizeof rec)
            break;
        recs[rec[0] - 'A']++;
        for (size_t i = 1; i < sizeof rec; i++)
            mixed += rec[i] != rec[0];
    }
    for (int i = 0; i < 4; i++)
        waitpid(w[i], 0, 0);
    say("records %ld %ld %ld %ld, mixed %ld", recs[0], recs[1], recs[2], recs[3], mixed);
    // Changing the size
    R(fcntl(p[0], 1032));
    R(fcntl(p[0], 1031, 1));
    R(fcntl(p[0], 1031, 100000));
    R(write(p[1], big, sizeof big));
    R(fcntl(p[0], 1031, 4096)); // not while it holds more
}
