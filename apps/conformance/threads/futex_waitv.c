// SPDX-License-Identifier: MPL-2.0
// futex_waitv: which word woke it, words of both kinds, all errors, moved waiters, time limits, signals.
// Covers: futex_waitv
#include "../conf.h"
#include <pthread.h>
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#define U32 2
#define PRIV 128
struct waitv { unsigned long val, uaddr; unsigned flags, reserved; };
static unsigned w[130];
static struct waitv v[130];
static volatile pid_t tid;
static volatile long got;
static int count;
static void *thread(void *a)
{
    tid = gettid();
    got = SC(futex_waitv, v, count, 0, 0, 0);
    return a;
}
static void fill(int n)
{
    for (int i = 0; i < n; i++)
        v[i] = (struct waitv){0, (long)&w[i], U32 | (i & 1 ? PRIV : 0), 0}, w[i] = 0;
    count = n;
}
static pthread_t begin(int n)
{
    pthread_t t;
    tid = 0, fill(n), pthread_create(&t, 0, thread, 0);
    while (!tid) sched_yield();
    await_state(getpid(), tid, 'S');
    return t;
}
static void hook(int n) { if (n > 1) w[1] = 1; }
static void test(void)
{
    struct timespec past = {0, 0}, bad = {0, 1000000000}, soon;
    for (int i = 0; i < 4; i++) {
        pthread_t t = begin(4);
        R(SC(futex, &w[i], 1 | (i & 1 ? 0 : 128), 1, 0, 0, 0)); // the other kind of key
        R(SC(futex, &w[i], 1 | (i & 1 ? 128 : 0), 1, 0, 0, 0)), pthread_join(t, 0), V(got);
        R(SC(futex, &w[(i + 1) & 3], 1 | (i & 1 ? 0 : 128), 1, 0, 0, 0));
    }
    pthread_t t = begin(128);
    R(SC(futex, &w[127], 1 | 128, 1, 0, 0, 0)), pthread_join(t, 0), V(got);
    // Moved to another word, and woken there.
    t = begin(2);
    R(SC(futex, &w[1], 3 | 128, 0, 9, &w[9], 0)), R(SC(futex, &w[1], 1 | 128, 9, 0, 0, 0)), R(SC(futex, &w[9], 1 | 128, 9, 0, 0, 0)), pthread_join(t, 0), V(got);
    // The same word twice: the waker takes both.
    tid = 0, fill(2), v[1].uaddr = v[0].uaddr, v[1].flags = v[0].flags, pthread_create(&t, 0, thread, 0);
    while (!tid) sched_yield();
    await_state(getpid(), tid, 'S');
    R(SC(futex, &w[0], 1, 9, 0, 0, 0)), pthread_join(t, 0), V(got);
    fill(2);
    R(SC(futex_waitv, v, 0, 0, 0, 0)), R(SC(futex_waitv, v, 129, 0, 0, 0)), R(SC(futex_waitv, 0, 1, 0, 0, 0)), R(SC(futex_waitv, v, 1, 1, 0, 0)), R(SC(futex_waitv, v, 1, -1, 0, 0));
    R(SC(futex_waitv, BAD, 1, 0, 0, 0)), R(SC(futex_waitv, v, 2, 0, BAD, 1)), R(SC(futex_waitv, v, 2, 0, &past, 2)), R(SC(futex_waitv, v, 2, 0, &bad, 1)), R(SC(futex_waitv, v, 2, 0, &past, 1)), R(SC(futex_waitv, v, 2, 0, &past, 0));
    w[1] = 1, R(SC(futex_waitv, v, 2, 0, 0, 0)), R(SC(futex_waitv, v, 2, 0, &past, 1)), v[1].val = 1, R(SC(futex_waitv, v, 2, 0, &past, 1));
    v[1].val = 1ul << 32, R(SC(futex_waitv, v, 2, 0, 0, 0)), v[1].val = 1, v[1].reserved = 1, R(SC(futex_waitv, v, 2, 0, 0, 0)), v[1].reserved = 0;
    for (unsigned f = 0; f < 512; f = f ? f * 2 : 1)
        v[1].flags = f, say("flags %#x: %s", f, SC(futex_waitv, v, 2, 0, &past, 1) ? ename(errno) : "0");
    v[1].flags = U32, v[1].uaddr = (long)BAD, R(SC(futex_waitv, v, 2, 0, 0, 0)), v[1].uaddr = 1 | (long)w, R(SC(futex_waitv, v, 2, 0, 0, 0)), v[1].uaddr = 0, R(SC(futex_waitv, v, 2, 0, 0, 0));
    v[0].val = 7, v[1].uaddr = 1 | (long)w, R(SC(futex_waitv, v, 2, 0, 0, 0)); // keys before values
    fill(2);
    clock_gettime(CLOCK_MONOTONIC, &soon), soon.tv_sec += soon.tv_nsec >= 990000000, soon.tv_nsec = (soon.tv_nsec + 10000000) % 1000000000;
    R(SC(futex_waitv, v, 2, 0, &soon, 1));
    INTR(SC(futex_waitv, v, 2, 0, 0, 0));
    RESTART(hook, SC(futex_waitv, v, 2, 0, 0, 0));
    R(SC(futex, &w[0], 1, 9, 0, 0, 0)), R(SC(futex, &w[1], 1 | 128, 9, 0, 0, 0)); // nobody is left behind
}
