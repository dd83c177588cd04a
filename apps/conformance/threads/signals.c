// SPDX-License-Identifier: MPL-2.0
// Signals and threads: per-thread masks, to a thread and to the process, who takes it, cancellation, handlers shared.
// Covers: tgkill tkill rt_sigprocmask kill rt_sigpending
#include "../conf.h"
#include <pthread.h>
#include <semaphore.h>
static sem_t ready, handled, sent;
static volatile pid_t took;
static volatile int count;
static void note(int s)
{
    (void)s;
    took = gettid();
    count++;
    sem_post(&handled);
}
static void *taker(void *a)
{
    sigset_t s;
    sigemptyset(&s), sigaddset(&s, SIGUSR1);
    pthread_sigmask(SIG_UNBLOCK, &s, 0);
    *(pid_t *)a = gettid();
    sem_post(&ready);
    for (;;)
        pause();
    return 0;
}
static void *blocker(void *a)
{
    sigset_t s, p;
    pid_t *t = a;
    sigfillset(&s), pthread_sigmask(SIG_SETMASK, &s, 0);
    *t = gettid();
    sem_post(&ready);
    int got;
    sem_wait(&sent);
    sigemptyset(&s), sigaddset(&s, SIGUSR2);
    sigwait(&s, &got);
    sigpending(&p);
    say("sigwait took %s, USR1 pending here %d", sname(got), sigismember(&p, SIGUSR1));
    return 0;
}
static void *sum(void *a)
{
    volatile double d = 0;
    while (!*(volatile int *)a)
        d += 1;
    return 0;
}
static void test(void)
{
    pthread_t t, u;
    pid_t tid = 0, tid2 = 0, me = getpid();
    sigset_t s, p;
    sem_init(&ready, 0, 0), sem_init(&handled, 0, 0), sem_init(&sent, 0, 0);
    on(SIGUSR1, note, SA_RESTART), on(SIGUSR2, note, SA_RESTART);
    sigfillset(&s), pthread_sigmask(SIG_BLOCK, &s, 0);
    pthread_create(&t, 0, taker, &tid), sem_wait(&ready);
    // To the process: the thread that does not block it takes it.
    kill(me, SIGUSR1), sem_wait(&handled), say("taken by the other thread %d", took == tid);
    SC(tgkill, me, tid, SIGUSR1), sem_wait(&handled), say("by tgkill %d", took == tid);
    // To a thread that blocks it: pending there alone.
    SC(tgkill, me, me, SIGUSR1), sigpending(&p), say("pending here %d, handled meanwhile %d", sigismember(&p, SIGUSR1), count - 2);
    sigemptyset(&s), sigaddset(&s, SIGUSR1), pthread_sigmask(SIG_UNBLOCK, &s, 0);
    sem_wait(&handled), say("taken here %d", took == me);
    pthread_sigmask(SIG_BLOCK, &s, 0);
    // All block it: pending for the process, whoever unblocks first gets it.
    kill(me, SIGUSR2), sigpending(&p), V(sigismember(&p, SIGUSR2));
    pthread_create(&u, 0, blocker, &tid2), sem_wait(&ready);
    pthread_kill(u, SIGUSR1), sem_post(&sent);
    pthread_join(u, 0);
    sigpending(&p), say("USR2 still pending %d, USR1 gone with its thread %d", sigismember(&p, SIGUSR2), !sigismember(&p, SIGUSR1));
    // A new thread inherits the mask, not pending signals.
    kill(me, SIGTERM);
    sigpending(&p), V(sigismember(&p, SIGTERM));
    signal(SIGTERM, SIG_IGN);
    // Cancellation uses a signal and interrupts a blocking call.
    pthread_cancel(t);
    void *r;
    pthread_join(t, &r), V(r == PTHREAD_CANCELED);
    // pthread_join() may return while the thread is still on its way out.
    while (syscall(SYS_tgkill, me, tid, 0) == 0)
        usleep(1000);
    R(SC(tgkill, me, tid, 0));
    // A computing thread is interrupted, too.
    int stop = 0;
    pthread_create(&u, 0, sum, &stop);
    pthread_sigmask(SIG_UNBLOCK, &s, 0);
    count = 0;
    struct itimerval it = {{0, 2000}, {0, 2000}};
    on(SIGALRM, note, SA_RESTART), sigemptyset(&s), sigaddset(&s, SIGALRM), pthread_sigmask(SIG_UNBLOCK, &s, 0);
    setitimer(ITIMER_REAL, &it, 0);
    while (count < 20)
        sched_yield();
    it.it_interval.tv_usec = it.it_value.tv_usec = 0, setitimer(ITIMER_REAL, &it, 0);
    stop = 1, pthread_join(u, 0);
    say("alarms came %d", count >= 20);
    // A stop signal stops all threads; SIGKILL ends all.
    pid_t c;
    int st;
    CHILD(c) { stop = 0; pthread_create(&u, 0, sum, &stop); pthread_create(&u, 0, sum, &stop); sem_wait(&ready); }
    nap(20), kill(c, SIGSTOP), waitpid(c, &st, WUNTRACED), say("%s", status_text(st));
    kill(c, SIGCONT), waitpid(c, &st, WCONTINUED), say("%s", status_text(st));
    kill(c, SIGKILL), waitpid(c, &st, 0), say("%s", status_text(st));
}
