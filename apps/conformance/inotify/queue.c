// SPDX-License-Identifier: MPL-2.0
// The queue: equal events, sizes of reads, FIONREAD, poll, waiting, too many events, limits, /proc.
// Covers: inotify_init inotify_init1 inotify_add_watch read
#include "../conf.h"
#include <sys/epoll.h>
#include <sys/inotify.h>
static int in;
static char b[70000] __attribute__((aligned(8)));
static void left(void)
{
    int n = -1;
    struct pollfd p = {in, POLLIN | POLLOUT, 0};
    RT("FIONREAD", ioctl(in, FIONREAD, &n)), V(n), V(poll(&p, 1, 0)), X(p.revents);
}
static void nop(int n) { if (n == 3) close(open("f", O_RDONLY)); }
static void set(const char *name, const char *value, char *old)
{
    char path[80];
    sprintf(path, "/proc/sys/fs/inotify/%s", name);
    if (old)
        get_file(path, old, 40);
    int f = open(path, O_WRONLY);
    RT(name, write(f, value, strlen(value))), close(f);
}
static void test(void)
{
    char old[40], old2[40], old3[40];
    put_file("f", "x", 0644), mkdir("d", 0755);
    in = SC(inotify_init1, IN_NONBLOCK);
    int w = SC(inotify_add_watch, in, "f", IN_OPEN | IN_CLOSE);
    left(), R(read(in, b, 100)), R(read(in, b, 0));
    int f = open("f", O_RDONLY), g = open("f", O_RDONLY);
    left(), R(read(in, b, 15)), R(read(in, b, 0)), R(read(in, b, 16)), left();
    close(f), close(g), f = open("f", O_RDONLY), close(f), left(), R(read(in, b, 40)), left(), R(read(in, b, 40));
    // Names and their padding
    int d = SC(inotify_add_watch, in, "d", IN_CREATE);
    char name[300] = "d/";
    for (int n = 1; n < 256; n += n < 14 ? 13 : n < 17 ? 1 : n < 250 ? 120 : 1) {
        memset(name + 2, 'n', n), name[n + 2] = 0, put_file(name, "", 0644);
        RT("room for less", read(in, b, 16));
        say("%d: %ld", n, read(in, b, sizeof b));
        struct inotify_event *e = (void *)b;
        say("len %u right %d wd %d", e->len, !strcmp(e->name, name + 2), e->wd - d);
    }
    put_file("d/q", "", 0644), put_file("d/r", "", 0644), unlink("d/q"), put_file("d/q", "", 0644), put_file("d/q", "", 0644), left(), R(read(in, b, 40)), R(read(in, b, 70)), left();
    // epoll
    struct epoll_event ev = {EPOLLIN | EPOLLET, {.u32 = 7}};
    int ep = epoll_create1(0);
    R(epoll_ctl(ep, EPOLL_CTL_ADD, in, &ev)), R(epoll_wait(ep, &ev, 1, 0)), close(open("f", O_RDONLY)), R(epoll_wait(ep, &ev, 1, 0)), R(epoll_wait(ep, &ev, 1, 0)), close(open("f", O_RDONLY)), R(epoll_wait(ep, &ev, 1, 0));
    while (read(in, b, sizeof b) > 0) {}
    // Waiting
    fcntl(in, F_SETFL, 0);
    INTR(read(in, b, 100)), RESTART(nop, read(in, b, 100)), fcntl(in, F_SETFL, O_NONBLOCK), left(), R(read(in, b, 100) > 0);
    pid_t p;
    fcntl(in, F_SETFL, 0);
    CHILD(p) { await_state(getppid(), 0, 'S'), close(open("f", O_WRONLY)); }
    R(read(in, b, 16)), X(((struct inotify_event *)b)->mask), reap("child", p), fcntl(in, F_SETFL, O_NONBLOCK), R(read(in, b, 100)), X(((struct inotify_event *)b)->mask);
    // Too many
    set("max_queued_events", "4", old), in = (close(in), SC(inotify_init1, IN_NONBLOCK)), w = SC(inotify_add_watch, in, "f", IN_OPEN | IN_CLOSE);
    for (int i = 0; i < 5; i++)
        close(open("f", O_RDONLY));
    left();
    long n = read(in, b, sizeof b);
    for (char *e = b; e < b + n; e += 16)
        say("wd %d mask %#x", ((struct inotify_event *)e)->wd == w ? 1 : ((struct inotify_event *)e)->wd, ((struct inotify_event *)e)->mask);
    close(open("f", O_RDONLY)), left(), set("max_queued_events", old, 0);
    // Limits of a user
    set("max_user_watches", "0", old2), R(SC(inotify_add_watch, in, "f", IN_OPEN) == w), R(SC(inotify_add_watch, in, "d", IN_OPEN)), set("max_user_watches", old2, 0), R(SC(inotify_add_watch, in, "d", IN_OPEN) > 0);
    set("max_user_instances", "0", old3), R(SC(inotify_init1, 0)), R(SC(inotify_init)), set("max_user_instances", old3, 0), V(atoi(old)), V(atoi(old3)), V(atoi(old2) >= 8192);
    set("max_user_watches", "x", 0), set("max_user_watches", "-1", 0);
    sprintf(name, "/proc/self/fd/%d", in), memset(b, 0, 100), R(readlink(name, b, 100)), S(b);
    sprintf(name, "/proc/self/fdinfo/%d", in), get_file(name, b, sizeof b);
    for (char *l = strtok(b, "\n"); l; l = strtok(0, "\n"))
        if (!strncmp(l, "inotify", 7))
            say("%.10s %.10s", l, strstr(l, "mask:") ? strstr(l, "mask:") : "");
}
