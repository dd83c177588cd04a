// SPDX-License-Identifier: MPL-2.0
// Non-canonical mode: every combination of VMIN and VTIME, non-blocking, flushing, counts, interruption.
// Covers: ioctl read write poll
#include "../conf.h"
static int m, s;
static struct termios t;
static void mode(int min, int time)
{
    cfmakeraw(&t), t.c_cc[VMIN] = min, t.c_cc[VTIME] = time;
    tcsetattr(s, TCSANOW, &t);
}
// Waits until so many bytes have come through, three seconds at most.
static void arrive(int fd, int want)
{
    int n = 0;
    for (int i = 0; i < 3000 && !ioctl(fd, FIONREAD, &n) && n < want; i++)
        nap(1);
}
static void feed(int n) { if (n == 2) write(m, "zz", 2); }
static void test(void)
{
    char b[100];
    int n;
    pid_t c;
    m = pty_open(&s), tcgetattr(s, &t);
    mode(1, 0);
    write(m, "a\r\n\003\004\177", 6), take("raw bytes", s, 6), take("no echo", m, 0);
    write(s, "x\n", 2), take("no translation", m, 2);
    INTR(read(s, b, 10)), RESTART(feed, read(s, b, 10));
    // MIN > 0, TIME 0: at least MIN bytes
    mode(3, 0);
    CHILD(c) { await_state(getppid(), 0, 'S'); write(m, "1", 1); await_state(getppid(), 0, 'S'); write(m, "2", 1); await_state(getppid(), 0, 'S'); write(m, "345", 3); }
    n = read(s, b, 10), say("at least three %d", n >= 3);
    if (n < 5)
        take("rest", s, 5 - n);
    waitpid(c, 0, 0);
    write(m, "ab", 2);
    R(read(s, b, 2)); // fewer are asked for than MIN
    struct pollfd p = {s, POLLIN, 0};
    write(m, "c", 1), R(poll(&p, 1, 100)), write(m, "de", 2), R(poll(&p, 1, 3000)), R(read(s, b, 10));
    // MIN 0, TIME 0: never waits
    mode(0, 0), R(read(s, b, 10)), write(m, "x", 1), arrive(s, 1), R(read(s, b, 10));
    // MIN 0, TIME > 0: waits for the first byte
    mode(0, 2);
    long long a = now_ns();
    R(read(s, b, 10)), say("waited %d", now_ns() - a >= 190000000);
    CHILD(c) { await_state(getppid(), 0, 'S'); write(m, "y", 1); }
    t.c_cc[VTIME] = 50, tcsetattr(s, TCSANOW, &t), R(read(s, b, 10)), waitpid(c, 0, 0);
    // MIN > 0, TIME > 0: the time runs between bytes.
    mode(5, 2), write(m, "pq", 2), R(read(s, b, 10));
    // Non-blocking
    mode(1, 0), fcntl(s, F_SETFL, O_NONBLOCK), R(read(s, b, 10)), write(m, "x", 1), arrive(s, 1), R(read(s, b, 10));
    fcntl(s, F_SETFL, 0);
    // Counts and flushing
    write(m, "12345", 5), arrive(s, 5), R(ioctl(s, FIONREAD, &n)), V(n), R(tcflush(s, TCIFLUSH)), R(ioctl(s, FIONREAD, &n)), V(n);
    write(s, "out", 3), arrive(m, 3), R(ioctl(m, FIONREAD, &n)), V(n), R(tcflush(s, TCOFLUSH)), take("what had reached the master stays", m, 3);
    R(tcflush(s, 9)), R(tcdrain(s)), R(ioctl(s, TIOCOUTQ, &n)), V(n);
    R(tcflow(s, TCOOFF)), fcntl(s, F_SETFL, O_NONBLOCK), R(write(s, "stopped", 7)), R(tcflow(s, TCOON)), R(write(s, "going", 5)), take("after", m, 5);
    fcntl(s, F_SETFL, 0);
    // Much data through, both ways
    static char big[50000], in[50000];
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = i * 3 + i / 256;
    for (int way = 0; way < 2; way++) {
        int from = way ? m : s, to = way ? s : m;
        CHILD(c) { for (long o = 0; o < (long)sizeof big;) { long r = write(from, big + o, sizeof big - o); if (r <= 0) break; o += r; } }
        long got = 0, r;
        while (got < (long)sizeof in && (r = read(to, in + got, sizeof in - got)) > 0)
            got += r;
        waitpid(c, 0, 0);
        say("%s: %ld bytes, right %d", way ? "master to slave" : "slave to master", got, memcmp(big, in, sizeof in) == 0);
    }
    // Switching modes keeps what was typed.
    mode(1, 0), write(m, "abc\n", 4), arrive(s, 4), t.c_lflag |= ICANON, tcsetattr(s, TCSANOW, &t), take("read as line", s, 4);
    write(m, "def", 3), nap(300), mode(1, 0), take("unfinished line read raw", s, 3);
    write(m, "ghi", 3), arrive(s, 3), R(tcsetattr(s, TCSAFLUSH, &t)), fcntl(s, F_SETFL, O_NONBLOCK), R(read(s, b, 10));
}
