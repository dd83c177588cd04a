// SPDX-License-Identifier: MPL-2.0
// Threads of glibc: NPTL's use of futexes, cancellation, thread-local storage, condition variables, timers, signals.
// Covers: futex rt_sigtimedwait
#include "../conf.h"
#include <pthread.h>
#include <semaphore.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static __thread long tls;
static int count, turn;
static void *adder(void *a)
{
    for (int i = 0; i < 10000; i++) {
        pthread_mutex_lock(&m);
        count++, tls++;
        pthread_mutex_unlock(&m);
    }
    (void)a;
    return (void *)tls;
}
static void *in_turn(void *a)
{
    for (int i = 0; i < 200; i++) {
        pthread_mutex_lock(&m);
        while (turn % 4 != (long)a)
            pthread_cond_wait(&c, &m);
        turn++, pthread_cond_broadcast(&c);
        pthread_mutex_unlock(&m);
    }
    return 0;
}
static void cleanup(void *a) { *(int *)a = 1; }
static int cleaned;
static void *sleeper(void *a)
{
    pthread_cleanup_push(cleanup, &cleaned);
    gate_open(*(struct gate *)a);
    for (;;)
        pause();
    pthread_cleanup_pop(0);
    return 0;
}
static void *spinner(void *a)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, 0);
    gate_open(*(struct gate *)a);
    for (volatile int i = 0;; i++) {}
    return 0;
}
static volatile int timer_runs;
static void on_timer(union sigval v) { timer_runs += v.sival_int; }
static void *waits(void *a)
{
    sigset_t s;
    int sig;
    sigemptyset(&s), sigaddset(&s, SIGUSR1), sigwait(&s, &sig);
    (void)a;
    return (void *)(long)sig;
}
static void test(void)
{
    pthread_t t[8];
    void *r;
    long sum = 0;
    for (int i = 0; i < 8; i++)
        pthread_create(&t[i], 0, adder, 0);
    for (int i = 0; i < 8; i++)
        pthread_join(t[i], &r), sum += (long)r;
    say("count %d, sum of tls %ld, own %ld", count, sum, tls);
    for (long i = 0; i < 4; i++)
        pthread_create(&t[i], 0, in_turn, (void *)i);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], 0);
    V(turn);
    struct gate g = gate_make();
    pthread_create(t, 0, sleeper, &g), gate_wait(g), pthread_cancel(*t), pthread_join(*t, &r), say("cancelled %d, cleaned %d", r == PTHREAD_CANCELED, cleaned);
    pthread_create(t, 0, spinner, &g), gate_wait(g), pthread_cancel(*t), pthread_join(*t, &r), say("cancelled %d", r == PTHREAD_CANCELED);
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts), ts.tv_nsec += 20000000, ts.tv_sec += ts.tv_nsec / 1000000000, ts.tv_nsec %= 1000000000;
    pthread_mutex_lock(&m), S(ename(pthread_cond_timedwait(&c, &m, &ts))), pthread_mutex_unlock(&m);
    sem_t s;
    sem_init(&s, 0, 0), V(sem_trywait(&s)), S(ename(errno)), V(sem_timedwait(&s, &ts)), S(ename(errno)), sem_post(&s), V(sem_wait(&s));
    // A timer that runs a function in a thread
    timer_t timer;
    struct sigevent e = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = on_timer, .sigev_value.sival_int = 3};
    struct itimerspec it = {{0, 0}, {0, 5000000}};
    V(timer_create(CLOCK_MONOTONIC, &e, &timer)), V(timer_settime(timer, 0, &it, 0));
    for (int i = 0; i < 2000 && !timer_runs; i++)
        nap(1);
    V(timer_runs), V(timer_delete(timer));
    sigset_t set;
    sigemptyset(&set), sigaddset(&set, SIGUSR1), pthread_sigmask(SIG_BLOCK, &set, 0);
    pthread_create(t, 0, waits, 0), kill(getpid(), SIGUSR1), pthread_join(*t, &r), S(sname((long)r));
    pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
    V(pthread_rwlock_rdlock(&rw)), S(ename(pthread_rwlock_trywrlock(&rw))), V(pthread_rwlock_unlock(&rw)), V(pthread_rwlock_wrlock(&rw));
    pthread_spinlock_t sp;
    pthread_spin_init(&sp, 0), V(pthread_spin_lock(&sp)), S(ename(pthread_spin_trylock(&sp)));
    pid_t k;
    CHILD(k) { pthread_create(t, 0, adder, 0), pthread_join(*t, &r), say("threads in a child %ld", (long)r); }
    reap("child", k);
}
