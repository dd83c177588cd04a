// SPDX-License-Identifier: MPL-2.0
// Mutexes, condition variables, barriers, semaphores, rwlocks, once and keys over futexes, with timeouts.
// Covers: clone
#include "../conf.h"
#include <pthread.h>
#include <semaphore.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t bar;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static sem_t items, space;
static int queue[4], head, tail, ran, serial, destroyed, inside, most, turn;
static void init(void) { ran++; }
static void destroy(void *v) { __atomic_add_fetch(&destroyed, (long)v, __ATOMIC_SEQ_CST); }
static void *barrier(void *a)
{
    for (int i = 0; i < 10; i++)
        if (pthread_barrier_wait(&bar) == PTHREAD_BARRIER_SERIAL_THREAD)
            __atomic_add_fetch(&serial, 1, __ATOMIC_SEQ_CST);
    pthread_once(&once, init);
    pthread_setspecific(key, a);
    return 0;
}
static void *consumer(void *a)
{
    long sum = 0;
    for (;;) {
        sem_wait(&items);
        pthread_mutex_lock(&m);
        int v = queue[head++ % 4];
        pthread_mutex_unlock(&m);
        sem_post(&space);
        if (v < 0)
            break;
        sum += v;
    }
    (void)a;
    return (void *)sum;
}
static void *reader(void *a)
{
    pthread_rwlock_rdlock(&rw);
    int n = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
    if (n > most)
        most = n;
    pthread_barrier_wait(&bar);
    __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
    pthread_rwlock_unlock(&rw);
    return a;
}
static void *in_turn(void *a)
{
    int me = (long)a;
    for (int i = 0; i < 100; i++) {
        pthread_mutex_lock(&m);
        while (turn % 3 != me)
            pthread_cond_wait(&c, &m);
        turn++;
        pthread_cond_broadcast(&c);
        pthread_mutex_unlock(&m);
    }
    return 0;
}
static void after(struct timespec *t, long ms)
{
    clock_gettime(CLOCK_REALTIME, t);
    t->tv_nsec += ms * 1000000, t->tv_sec += t->tv_nsec / 1000000000, t->tv_nsec %= 1000000000;
}
static void test(void)
{
    pthread_t t[8];
    void *r;
    struct timespec ts;
    pthread_barrier_init(&bar, 0, 5), pthread_key_create(&key, destroy);
    for (long i = 0; i < 5; i++)
        pthread_create(&t[i], 0, barrier, (void *)(i + 1));
    for (int i = 0; i < 5; i++)
        pthread_join(t[i], 0);
    say("serial threads %d, once %d, destroyed %d", serial, ran, destroyed);
    sem_init(&items, 0, 0), sem_init(&space, 0, 4);
    pthread_create(&t[0], 0, consumer, 0), pthread_create(&t[1], 0, consumer, 0);
    for (int i = 1; i <= 1002; i++)
        sem_wait(&space), pthread_mutex_lock(&m), queue[tail++ % 4] = i <= 1000 ? i : -1, pthread_mutex_unlock(&m), sem_post(&items);
    long sum = 0;
    pthread_join(t[0], &r), sum += (long)r, pthread_join(t[1], &r), sum += (long)r;
    V(sum);
    pthread_barrier_init(&bar, 0, 4);
    for (int i = 0; i < 4; i++)
        pthread_create(&t[i], 0, reader, 0);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], 0);
    V(most);
    for (long i = 0; i < 3; i++)
        pthread_create(&t[i], 0, in_turn, (void *)i);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], 0);
    V(turn);
    pthread_mutex_lock(&m), after(&ts, 20);
    S(ename(pthread_cond_timedwait(&c, &m, &ts)));
    S(ename(pthread_mutex_trylock(&m)));
    after(&ts, 20), S(ename(pthread_mutex_timedlock(&m, &ts)));
    pthread_mutex_unlock(&m);
    after(&ts, 20), S(sem_timedwait(&items, &ts) ? ename(errno) : "taken");
    pthread_rwlock_wrlock(&rw), S(ename(pthread_rwlock_tryrdlock(&rw)));
    after(&ts, 20), S(ename(pthread_rwlock_timedrdlock(&rw, &ts)));
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a), pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE), pthread_mutex_init(&m, &a);
    S(ename(pthread_mutex_lock(&m))), S(ename(pthread_mutex_lock(&m))), pthread_mutex_unlock(&m), pthread_mutex_unlock(&m);
    pthread_mutexattr_settype(&a, PTHREAD_MUTEX_ERRORCHECK), pthread_mutex_init(&m, &a);
    S(ename(pthread_mutex_unlock(&m))), S(ename(pthread_mutex_lock(&m))), S(ename(pthread_mutex_lock(&m)));
}
