// SPDX-License-Identifier: MPL-2.0
// Threads: creation and joining, many at once, thread-local storage, ids, stacks, detached ones, exit of the process.
// Covers: clone exit_group gettid sched_yield
#include "../conf.h"
#include <pthread.h>
static _Thread_local int tls = 5;
static int counter;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void *add(void *a)
{
    for (int i = 0; i < 1000; i++) {
        pthread_mutex_lock(&mutex);
        counter++;
        pthread_mutex_unlock(&mutex);
    }
    tls += (long)a;
    return (void *)(long)tls;
}
static void *ids(void *a)
{
    pid_t *t = a;
    t[0] = getpid(), t[1] = SC(gettid), t[2] = getppid();
    return 0;
}
static void *nothing(void *a) { return a; }
static void *exits(void *a) { (void)a; SC(exit_group, 7); return 0; }
static void *forks(void *a)
{
    pid_t c;
    CHILD(c) { say("child of a thread: tid is pid %d, tls %d", SC(gettid) == getpid(), tls); }
    reap("child", c);
    return a;
}
static void *yields(void *a)
{
    for (int i = 0; i < 100; i++)
        SC(sched_yield);
    return a;
}
static void *big_stack(void *a)
{
    volatile char b[200000];
    memset((char *)b, 1, sizeof b);
    long s = 0;
    for (size_t i = 0; i < sizeof b; i += 1000)
        s += b[i];
    (void)a;
    return (void *)s;
}
static void test(void)
{
    pthread_t t[50];
    void *r;
    long sum = 0;
    for (long i = 0; i < 20; i++)
        if (pthread_create(&t[i], 0, add, (void *)i))
            say("create failed");
    for (int i = 0; i < 20; i++)
        pthread_join(t[i], &r), sum += (long)r;
    say("counter %d, sum of returns %ld, own tls %d", counter, sum, tls);
    pid_t id[3];
    pthread_create(t, 0, ids, id), pthread_join(*t, 0);
    say("same pid %d, other tid %d, same parent %d", id[0] == getpid(), id[1] != getpid() && id[1] > 0, id[2] == getppid());
    // One after another: numbers and memory are given back.
    int ok = 0;
    for (int i = 0; i < 60; i++)
        ok += pthread_create(t, 0, nothing, 0) == 0 && pthread_join(*t, 0) == 0;
    V(ok);
    pthread_attr_t a;
    pthread_attr_init(&a), pthread_attr_setstacksize(&a, 300000);
    pthread_create(t, &a, big_stack, 0), pthread_join(*t, &r), V((long)r);
    pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
    for (int i = 0; i < 20; i++)
        pthread_create(t, &a, yields, 0);
    pthread_create(t, 0, forks, 0), pthread_join(*t, 0);
    R(SC(sched_yield));
    pid_t c;
    CHILD(c) { pthread_create(t, 0, exits, 0); while (pause()) {} }
    reap("exit_group by a thread", c);
    CHILD(c) { pthread_create(t, 0, yields, 0); exit(8); }
    reap("exit with a thread running", c);
    // A fatal signal in a thread ends all.
    CHILD(c) { pthread_create(t, 0, nothing, 0), pthread_join(*t, 0); pthread_create(t, 0, (void *(*)(void *))(void *)abort, 0); while (pause()) {} }
    reap("abort in a thread", c);
}
