// SPDX-License-Identifier: MPL-2.0
// kcmp: what threads and children share, of files and of what epoll watches; that its order is one; rights and errors in order.
// Covers: kcmp
#include "../conf.h"
#include <pthread.h>
#include <sys/epoll.h>
static const char *word(long r) { return r == -1 ? ename(errno) : r == 0 ? "same" : r == 1 || r == 2 ? "different" : "?"; }
#define K(a, b, type, i, j) say("kcmp(%s, %s, %s, %s, %s): %s", #a, #b, #type, #i, #j, word(SC(kcmp, a, b, type, i, j)))
static pid_t me, other;
static int f[4];
static void things(const char *what)
{
    for (int t = 1; t < 7; t++) {
        long r = SC(kcmp, me, other, t, 0, 0), back = SC(kcmp, other, me, t, 0, 0);
        say("%s, %d: %s, the other way round %s, in order %d", what, t, word(r), word(back), r == 0 ? back == 0 : r + back == 3);
    }
}
static void *thread(void *a)
{
    other = gettid(), things("thread"), K(me, other, 0, f[0], f[1]), K(me, other, 0, f[0], f[2]);
    SC(ioprio_set, 1, 0, 2 << 13), K(me, other, 5, 0, 0), K(other, other, 5, 0, 0), SC(unshare, CLONE_FILES), K(me, other, 2, 0, 0), K(me, other, 0, f[0], f[0]);
    return a;
}
static void user(void)
{
    K(me, getpid(), 1, 0, 0), K(getpid(), me, 1, 0, 0), K(me, me, 99, 0, 0), K(me, 1 << 22, 1, 0, 0), K(getpid(), getpid(), 1, 0, 0), K(getpid(), getpid(), 0, f[0], f[1]);
}
static pid_t share(long flags)
{
    pid_t c = SC(clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (c == 0) other = getpid(), things("cloned"), SC(exit_group, 0);
    return c;
}
static void test(void)
{
    struct { unsigned epoll, target, offset; } slot;
    pid_t c;
    me = other = getpid();
    f[0] = open("one", O_CREAT | O_RDWR, 0600), f[1] = dup(f[0]), f[2] = open("one", O_RDWR), f[3] = open("one", O_PATH);
    things("itself");
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            say("files %d and %d: %s", i, j, word(SC(kcmp, me, me, 0, f[i], f[j])));
    long ab = SC(kcmp, me, me, 0, f[0], f[2]), bc = SC(kcmp, me, me, 0, f[2], f[3]), ac = SC(kcmp, me, me, 0, f[0], f[3]);
    say("transitive: %d", ab != bc || ac == ab);
    K(me, me, 0, f[0], 99), K(me, me, 0, 99, f[0]), K(me, me, 0, -1, -1), K(me, me, 0, f[0] | 1l << 32, f[1]), K(me, me, 8, 0, 0), K(me, me, -1, 0, 0);
    K(0, me, 1, 0, 0), K(me, 0, 1, 0, 0), K(-1, me, 1, 0, 0), K(1 << 22, me, 1, 0, 0), K(me, 1 << 22, 1, 0, 0), K(0, 0, 99, 0, 0);
    CHILD(c) { other = getpid(), things("child"), K(me, other, 0, f[0], f[1]), close(f[2]), f[2] = open("one", O_RDWR), K(me, other, 0, f[2], f[2]), K(other, me, 0, 77, f[2]); }
    reap("child", c);
    c = share(CLONE_FILES), reap("files", c), c = share(CLONE_FS), reap("fs", c), c = share(CLONE_VM | CLONE_VFORK), reap("memory", c), c = share(CLONE_VM | CLONE_VFORK | CLONE_SIGHAND | CLONE_FILES | CLONE_FS), reap("all", c);
    pthread_t t;
    pthread_create(&t, 0, thread, 0), pthread_join(t, 0);
    as_user(1000, user);
    // What an epoll watches
    int ep = epoll_create1(0), p[2], q[2];
    pipe(p), pipe(q);
    struct epoll_event e = {.events = EPOLLIN};
    epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e);
    slot.epoll = ep, slot.target = p[0], slot.offset = 0;
    K(me, me, 7, p[0], &slot), K(me, me, 7, p[1], &slot), K(me, me, 7, 99, &slot), K(me, me, 7, p[0], 0), K(me, me, 7, 99, BAD);
    slot.offset = 1, K(me, me, 7, p[0], &slot), slot.offset = 0, slot.target = p[1], K(me, me, 7, p[0], &slot), slot.target = p[0], slot.epoll = p[0], K(me, me, 7, p[0], &slot), slot.epoll = 99, K(me, me, 7, p[0], &slot), K(me, me, 7, 98, &slot);
    // Two by the same number
    slot.epoll = ep;
    int was = dup(p[0]), n = 0;
    dup2(q[0], p[0]), epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e);
    for (slot.offset = 0; slot.offset < 3; slot.offset++)
        n += SC(kcmp, me, me, 7, was, &slot) == 0 ? 1 : SC(kcmp, me, me, 7, q[0], &slot) == 0 ? 10 : errno == ENOENT ? 100 : 1000;
    V(n);
    close(was), slot.offset = 0, K(me, me, 7, q[0], &slot), slot.offset = 1, K(me, me, 7, q[0], &slot);
}
