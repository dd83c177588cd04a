// SPDX-License-Identifier: MPL-2.0
// futex_wake, futex_wait and futex_requeue of Linux 6.7: flags, sizes, masks, clocks, bad addresses.
// Covers: futex_wake futex_wait futex_requeue
#include "../conf.h"
#include <pthread.h>
#ifndef SYS_futex_wake
#define SYS_futex_wake 454
#define SYS_futex_wait 455
#define SYS_futex_requeue 456
#endif
#define U32 2
#define PRIV 128
struct waitv { unsigned long val, uaddr; unsigned flags, reserved; };
static unsigned w[4] __attribute__((aligned(16)));
static volatile int woken;
static volatile pid_t tids[3];
static void *thread(void *a)
{
    long i = (long)a;
    tids[i] = gettid();
    long r = SC(futex_wait, &w[0], 0, 1u << i, U32 | PRIV, 0, 0);
    __sync_fetch_and_add(&woken, r == 0);
    return a;
}
static long wake(void *p, unsigned long mask, int nr, unsigned flags) { return SC(futex_wake, p, mask, nr, flags); }
static void handler(int s) { (void)s; }
static void hook(int n) { if (n > 1) w[0] = 1, wake(w, 1, 1, U32 | PRIV); }
static void test(void)
{
    struct timespec past = {0, 0}, bad = {0, 1000000000}, neg = {-1, 0}, soon;
    for (unsigned f = 0; f < 512; f = f ? f * 2 : 1)
        say("flags %#x: wake %s, wait %s", f, wake(w, 1, 1, f) ? ename(errno) : "0", SC(futex_wait, w, 1, 1, f, 0, 0) ? ename(errno) : "0");
    R(wake(w, 1, 1, U32)), R(wake(w, 1, 1, U32 | PRIV)), R(wake(w, 0, 1, U32)), R(wake(w, 1ul << 32, 1, U32)), R(wake(w, 0xffffffff, 0, U32)), R(wake(w, 1, -1, U32));
    R(wake((char *)w + 1, 1, 1, U32)), R(wake(BAD, 1, 1, U32)), R(wake(BAD, 1, 1, U32 | PRIV)), R(wake((char *)w + 2, 1, 0, U32)), R(wake(w, 0, 0, U32));
    R(SC(futex_wait, w, 1, 1, U32, 0, 0)), R(SC(futex_wait, w, 0, 0, U32, 0, 0)), R(SC(futex_wait, w, 1ul << 32, 1, U32, 0, 0)), R(SC(futex_wait, w, 0, 1ul << 40, U32, 0, 0));
    R(SC(futex_wait, w, 0, 1, U32, &past, 0)), R(SC(futex_wait, w, 0, 1, U32, &past, 1)), R(SC(futex_wait, w, 0, 1, U32, &past, 2)), R(SC(futex_wait, w, 0, 1, U32, &past, 7));
    R(SC(futex_wait, w, 0, 1, U32, &bad, 1)), R(SC(futex_wait, w, 0, 1, U32, &neg, 1)), R(SC(futex_wait, w, 0, 1, U32, BAD, 1)), R(SC(futex_wait, w, 0, 1, U32, BAD, 9)), R(SC(futex_wait, w, 1, 1, U32, 0, 9));
    R(SC(futex_wait, w, 1, 1, U32, &past, 1)), R(SC(futex_wait, (char *)w + 1, 0, 1, U32, 0, 1)), R(SC(futex_wait, BAD, 0, 1, U32, 0, 1)), R(SC(futex_wait, 0, 0, 1, U32, 0, 1));
    clock_gettime(CLOCK_MONOTONIC, &soon), soon.tv_sec += soon.tv_nsec >= 990000000, soon.tv_nsec = (soon.tv_nsec + 10000000) % 1000000000;
    R(SC(futex_wait, w, 0, 1, U32 | PRIV, &soon, 1));
    clock_gettime(CLOCK_REALTIME, &soon), soon.tv_sec += soon.tv_nsec >= 990000000, soon.tv_nsec = (soon.tv_nsec + 10000000) % 1000000000;
    R(SC(futex_wait, w, 0, 1, U32, &soon, 0));
    // Masks choose who is woken.
    pthread_t t[3];
    for (long i = 0; i < 3; i++) {
        pthread_create(&t[i], 0, thread, (void *)i);
        while (!tids[i]) sched_yield();
        await_state(getpid(), tids[i], 'S');
    }
    R(wake(w, 8, 9, U32 | PRIV)), R(wake(w, 2, 9, U32 | PRIV)), pthread_join(t[1], 0);
    R(wake(w, 0xffffffff, 0, U32 | PRIV)), R(wake(w, 0xffffffff, 1, U32)); // 0: nobody; a shared key is another one
    // One is woken, the other moved.
    struct waitv v[2] = {{0, (long)&w[0], U32 | PRIV, 0}, {0, (long)&w[1], U32 | PRIV, 0}};
    R(SC(futex_requeue, v, 0, 1, 1)), pthread_join(t[0], 0);
    R(wake(&w[0], 0xffffffff, 9, U32 | PRIV)), R(wake(&w[1], 1, 9, U32 | PRIV)), R(wake(&w[1], 4, 9, U32 | PRIV)), pthread_join(t[2], 0);
    V(woken);
    R(SC(futex_requeue, v, 0, 1, 1)), R(SC(futex_requeue, v, 1, 1, 1)), R(SC(futex_requeue, 0, 0, 1, 1)), R(SC(futex_requeue, BAD, 0, 1, 1)), R(SC(futex_requeue, v, 0, -1, 1)), R(SC(futex_requeue, v, 0, 1, -1));
    v[0].val = 1, R(SC(futex_requeue, v, 0, 1, 1)), v[0].val = 1ul << 32, R(SC(futex_requeue, v, 0, 1, 1)), v[0].val = 0;
    v[1].val = 5, R(SC(futex_requeue, v, 0, 1, 1)), v[1].val = 1ul << 33, R(SC(futex_requeue, v, 0, 1, 1)), v[1].val = 0;
    v[1].reserved = 1, R(SC(futex_requeue, v, 0, 1, 1)), v[1].reserved = 0, v[1].flags = 3, R(SC(futex_requeue, v, 0, 1, 1)), v[1].flags = U32, R(SC(futex_requeue, v, 0, 1, 1)), v[1].flags = U32 | PRIV;
    v[0].uaddr = 1 | (long)w, R(SC(futex_requeue, v, 0, 1, 1)), v[0].uaddr = (long)BAD, R(SC(futex_requeue, v, 0, 1, 1)), v[0].uaddr = (long)w, v[1].uaddr = (long)BAD, R(SC(futex_requeue, v, 0, 0, 0));
    on(SIGALRM, handler, 0);
    INTR(SC(futex_wait, w, 0, 1, U32 | PRIV, 0, 0));
    RESTART(hook, SC(futex_wait, w, 0, 1, U32 | PRIV, 0, 0));
}
