// SPDX-License-Identifier: MPL-2.0
// futex: wait, wake, timeouts, requeue, wake-op, bitsets, values, errors in order.
// Covers: futex
#include "../conf.h"
#include <pthread.h>
enum { WAIT, WAKE, FD, REQUEUE, CMP_REQUEUE, WAKE_OP, LOCK_PI, UNLOCK_PI, TRYLOCK_PI, WAIT_BITSET, WAKE_BITSET, PRIVATE = 128, REALTIME = 256 };
static int word, other, woken;
static pid_t tids[8];
static void *waiter(void *a)
{
    int i = (long)a;
    tids[i] = gettid();
    long r = SC(futex, &word, WAIT_BITSET | PRIVATE, 0, 0, 0, i < 4 ? 1 << i : -1);
    __atomic_add_fetch(&woken, r == 0, __ATOMIC_SEQ_CST);
    return (void *)r;
}
static pthread_t t[8];
static void start(int n)
{
    woken = 0;
    for (long i = 0; i < n; i++)
        tids[i] = 0, pthread_create(&t[i], 0, waiter, (void *)i);
    for (int i = 0; i < n; i++) {
        while (!__atomic_load_n(&tids[i], __ATOMIC_SEQ_CST))
            nap(1);
        await_state(getpid(), tids[i], 'S');
    }
}
static void finish(int n)
{
    for (int i = 0; i < n; i++)
        pthread_join(t[i], 0);
    say("  woken %d", woken);
}
static void test(void)
{
    struct timespec ts = {0, 20000000}, bad = {0, 1000000000}, neg = {-1, 0};
    R(SC(futex, &word, WAIT, 1, 0, 0, 0));
    R(SC(futex, &word, WAKE, 1, 0, 0, 0));
    long long a = now_ns();
    R(SC(futex, &word, WAIT, 0, &ts, 0, 0)), say("waited %d", now_ns() - a >= 20000000);
    R(SC(futex, &word, WAIT, 0, &bad, 0, 0)), R(SC(futex, &word, WAIT, 0, &neg, 0, 0)), R(SC(futex, &word, WAIT, 0, BAD, 0, 0));
    R(SC(futex, (char *)&word + 1, WAIT, 0, 0, 0, 0)), R(SC(futex, (char *)&word + 1, WAKE, 1, 0, 0, 0));
    R(SC(futex, BAD, WAIT, 0, 0, 0, 0)), R(SC(futex, BAD, WAKE, 1, 0, 0, 0)), R(SC(futex, BAD, WAKE | PRIVATE, 1, 0, 0, 0));
    R(SC(futex, 0, WAIT, 0, 0, 0, 0)), R(SC(futex, 0xffff800000000000, WAIT, 0, 0, 0, 0));
    R(SC(futex, &word, FD, 0, 0, 0, 0)), R(SC(futex, &word, 77, 0, 0, 0, 0)), R(SC(futex, &word, WAKE | REALTIME, 1, 0, 0, 0));
    R(SC(futex, &word, WAIT_BITSET, 0, &ts, 0, 0)), R(SC(futex, &word, WAKE_BITSET, 0, 0, 0, 0));
    clock_gettime(CLOCK_MONOTONIC, &ts), ts.tv_nsec += 10000000, ts.tv_sec += ts.tv_nsec / 1000000000, ts.tv_nsec %= 1000000000;
    R(SC(futex, &word, WAIT_BITSET, 0, &ts, 0, -1)); // absolute
    clock_gettime(CLOCK_REALTIME, &ts);
    R(SC(futex, &word, WAIT_BITSET | REALTIME, 0, &ts, 0, -1));
    INTR(SC(futex, &word, WAIT, 0, 0, 0, 0));
    INTR(SC(futex, &word, WAIT | PRIVATE, 0, 0, 0, 0));
    start(6);
    R(SC(futex, &word, WAKE | PRIVATE, 0, 0, 0, 0)); // at least one
    R(SC(futex, &word, WAKE | PRIVATE, 2, 0, 0, 0));
    R(SC(futex, &word, WAKE | PRIVATE, INT_MAX, 0, 0, 0)), finish(6);
    start(4);
    R(SC(futex, &word, WAKE_BITSET | PRIVATE, 9, 0, 0, 4)), pthread_join(t[2], 0), say("third woken %d", woken);
    R(SC(futex, &word, WAKE_BITSET | PRIVATE, 9, 0, 0, 4));
    R(SC(futex, &word, WAKE_BITSET | PRIVATE, 9, 0, 0, 0xff)), pthread_join(t[0], 0), pthread_join(t[1], 0), pthread_join(t[3], 0);
    start(6);
    R(SC(futex, &word, WAKE, 9, 0, 0, 0)); // a shared futex is not this one... but the same page: Linux keys differ
    R(SC(futex, &word, CMP_REQUEUE | PRIVATE, 1, 2, &other, 5));
    R(SC(futex, &word, CMP_REQUEUE | PRIVATE, 1, 2, &other, 0));
    R(SC(futex, &other, WAKE | PRIVATE, 9, 0, 0, 0));
    R(SC(futex, &word, REQUEUE | PRIVATE, 0, 9, &other, 0));
    R(SC(futex, &word, WAKE | PRIVATE, 9, 0, 0, 0)), R(SC(futex, &other, WAKE | PRIVATE, 9, 0, 0, 0)), finish(6);
    R(SC(futex, &word, CMP_REQUEUE | PRIVATE, -1, 0, &other, 0)), R(SC(futex, &word, CMP_REQUEUE | PRIVATE, 0, -1, &other, 0));
    // Wake-op: changes the second word and wakes there if the old value compares.
    start(3);
    other = 5;
    R(SC(futex, &word, WAKE_OP | PRIVATE, 1, 1, &other, 1 << 28 | 0 << 24 | 3 << 12 | 5)), V(other); // add 3, if it was 5
    R(SC(futex, &other, WAKE_OP | PRIVATE, 1, 1, &word, 0 << 28 | 0 << 24 | 0 << 12 | 0)), R(SC(futex, &word, WAKE | PRIVATE, 9, 0, 0, 0)), finish(3);
    R(SC(futex, &word, WAKE_OP, 1, 1, BAD, 0)), R(SC(futex, &word, WAKE_OP, 1, 1, &other, 7 << 28)), R(SC(futex, &word, WAKE_OP, 1, 1, &other, 9 << 24));
}
