// SPDX-License-Identifier: MPL-2.0
// poll and ppoll: events of pipes, files, devices and closed descriptors, timeouts, masks, errors in order.
// Covers: poll ppoll
#include "../conf.h"
#include <poll.h>
#include <sys/resource.h>
static const char *ev(int e)
{
    static char b[100];
    b[0] = 0;
    int bits[] = {POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP, POLLNVAL, POLLRDNORM, POLLWRNORM};
    const char *n[] = {"IN", "PRI", "OUT", "ERR", "HUP", "NVAL", "RDNORM", "WRNORM"};
    for (int i = 0; i < 8; i++)
        if (e & bits[i])
            strcat(strcat(b, " "), n[i]);
    return b;
}
static void one(const char *what, int fd, int events)
{
    struct pollfd f = {fd, events, 0x7fff};
    int r = SC(poll, &f, 1, 0);
    say("%s: %d%s", what, r, ev(f.revents));
}
static void nothing(int s) { (void)s; }
static void test(void)
{
    int p[2], all = POLLIN | POLLPRI | POLLOUT | POLLRDNORM | POLLWRNORM;
    pipe(p);
    one("empty pipe, read end", p[0], all), one("write end", p[1], all);
    write(p[1], "x", 1);
    one("filled pipe, read end", p[0], all), one("asked for OUT only", p[0], POLLOUT), one("asked for nothing", p[0], 0);
    fcntl(p[1], F_SETFL, O_NONBLOCK);
    static char big[70000];
    write(p[1], big, sizeof big);
    one("full pipe, write end", p[1], all);
    read(p[0], big, 4000), one("4000 bytes read, write end", p[1], all);
    read(p[0], big, 97), one("a page read, write end", p[1], all);
    close(p[1]), one("writer gone, data left", p[0], all);
    while (read(p[0], big, sizeof big) > 0) {}
    one("writer gone, empty", p[0], all), one("asked for nothing", p[0], 0);
    pipe(p), close(p[0]), one("reader gone", p[1], all);
    int f = open("f", O_RDWR | O_CREAT, 0644), d = open(".", O_RDONLY), z = open("/dev/zero", O_RDWR), n = open("/dev/null", O_RDWR);
    one("file", f, all), one("directory", d, all), one("zero", z, all), one("null", n, all);
    one("closed", 99, all), one("negative", -1, all), one("O_PATH", open("f", O_PATH), all);
    mkfifo("ff", 0644);
    int r = open("ff", O_RDONLY | O_NONBLOCK);
    one("fifo never opened for writing", r, all);
    int w = open("ff", O_WRONLY);
    one("fifo with a writer", r, all);
    close(w), one("fifo after the writer", r, all);
    // Several, timeouts
    pipe(p);
    struct pollfd v[3] = {{p[0], POLLIN, 9}, {-5, POLLIN, 9}, {99, POLLIN, 9}};
    R(SC(poll, v, 3, 1000)), say("%s", ev(v[0].revents)), say("%s", ev(v[1].revents)), say("%s", ev(v[2].revents));
    long long t = now_ns();
    R(SC(poll, v, 2, 50)), say("waited %d", now_ns() - t >= 50000000ll);
    R(SC(poll, 0, 0, 10));
    R(SC(poll, BAD, 1, 0)), R(SC(poll, BAD, 0, 0));
    struct rlimit rl = {10, 4096}, old;
    getrlimit(RLIMIT_NOFILE, &old), rl.rlim_max = old.rlim_max;
    setrlimit(RLIMIT_NOFILE, &rl);
    R(SC(poll, BAD, 11, 0));
    setrlimit(RLIMIT_NOFILE, &old);
    INTR(SC(poll, v, 2, -1));
    INTR(SC(poll, v, 2, 100000));
    pid_t c;
    CHILD(c) { await_state(getppid(), 0, 'S'); write(p[1], "x", 1); }
    R(SC(poll, v, 2, -1)), say("%s", ev(v[0].revents));
    waitpid(c, 0, 0);
    struct timespec ts = {0, 0}, bad = {0, 1000000000}, neg = {-1, 0}, one_s = {1, 0};
    unsigned long mask = 1ul << (SIGUSR1 - 1), none = 0;
    R(SC(ppoll, v, 1, &ts, 0, 8)), R(SC(ppoll, v, 1, 0, 0, 8));
    R(SC(ppoll, v, 1, &bad, 0, 8)), R(SC(ppoll, v, 1, &neg, 0, 8));
    R(SC(ppoll, v, 1, &ts, &mask, 4)), R(SC(ppoll, v, 1, BAD, &mask, 8)), R(SC(ppoll, v, 1, &ts, BAD, 8));
    // The mask is in force during the call only.
    on(SIGUSR1, nothing, 0);
    sigset_t s;
    sigemptyset(&s), sigaddset(&s, SIGUSR1), sigprocmask(SIG_BLOCK, &s, 0), raise(SIGUSR1);
    v[0].fd = -1;
    R(SC(ppoll, v, 1, &one_s, &none, 8));
    sigprocmask(0, 0, &s), V(sigismember(&s, SIGUSR1));
    raise(SIGUSR1), ts.tv_nsec = 20000000;
    R(SC(ppoll, v, 1, &ts, &mask, 8));
    say("time left is stored: %ld", (long)ts.tv_nsec);
}
