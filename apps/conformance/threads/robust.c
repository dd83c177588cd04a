// SPDX-License-Identifier: MPL-2.0
// Robust lists: a dead owner's futexes are marked and a waiter is woken; on exit, on exec, on being killed.
// Covers: set_robust_list get_robust_list futex
#include "../conf.h"
#include <pthread.h>
struct node { struct node *next; int lock; };
struct head { struct node *next; long offset; struct node *pending; };
static struct shared { struct head h; struct node n[4]; pthread_mutex_t m; } *s;
static void *thread(void *a)
{
    s->h = (struct head){&s->n[0], offsetof(struct node, lock), 0};
    s->n[0].next = (struct node *)&s->h;
    SC(set_robust_list, &s->h, sizeof s->h);
    s->n[0].lock = gettid() | 0x80000000;
    return a;
}
static void dies(int how)
{
    pid_t c;
    memset(s, 0, sizeof *s);
    struct gate g = gate_make();
    CHILD(c) {
        s->h = (struct head){&s->n[0], offsetof(struct node, lock), &s->n[3]};
        s->n[0].next = &s->n[1], s->n[1].next = &s->n[2], s->n[2].next = (struct node *)&s->h;
        SC(set_robust_list, &s->h, sizeof s->h);
        s->n[0].lock = getpid() | 0x80000000; // held, with waiters
        s->n[1].lock = getpid();              // held
        s->n[2].lock = 12345;                 // somebody else's
        s->n[3].lock = getpid();              // about to be taken
        gate_open(g);
        await_state(getppid(), 0, 'S');
        if (how == 1)
            kill(getpid(), SIGKILL);
        if (how == 2)
            execl("/bin/busybox", "true", (char *)0);
        SC(exit, 0);
    }
    gate_wait(g);
    int v = s->n[0].lock;
    if (v & 0x80000000)
        R(SC(futex, &s->n[0].lock, 0, v, 0, 0, 0) == 0 || errno == EAGAIN);
    reap(how == 0 ? "exit" : how == 1 ? "killed" : "exec", c);
    for (int i = 0; i < 4; i++)
        say("  lock %d: owner died %d, waiters %d, tid %s", i, !!(s->n[i].lock & 0x40000000), !!(s->n[i].lock & 0x80000000),
            (s->n[i].lock & 0x3fffffff) == 0 ? "0" : (s->n[i].lock & 0x3fffffff) == c ? "child" : "other");
}
static void test(void)
{
    void *h = 0;
    size_t n = 0;
    R(SC(get_robust_list, 0, &h, &n)), say("size %zu", n);
    R(SC(set_robust_list, &h, 8)), R(SC(set_robust_list, &h, 25));
    R(SC(set_robust_list, &h, 24)), R(SC(get_robust_list, 0, &h, &n)), say("%zu", n);
    R(SC(get_robust_list, getpid(), &h, &n)), R(SC(get_robust_list, 1 << 22, &h, &n));
    R(SC(get_robust_list, 0, BAD, &n)), R(SC(get_robust_list, 0, &h, BAD));
    R(SC(set_robust_list, BAD, 24)); // looked at only at the end
    s = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    dies(0), dies(1), dies(2);
    pthread_t t;
    memset(s, 0, sizeof *s), pthread_create(&t, 0, thread, 0), pthread_join(t, 0);
    say("thread: owner died %d", s->n[0].lock == (int)0xc0000000);
    // A list that is a loop or leads nowhere does no harm.
    pid_t c;
    CHILD(c) { s->h.next = &s->n[0], s->n[0].next = &s->n[0], SC(set_robust_list, &s->h, 24); }
    reap("loop", c);
    CHILD(c) { s->h.next = BAD, SC(set_robust_list, &s->h, 24); }
    reap("bad pointer", c);
    // The same through pthreads
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a), pthread_mutexattr_setpshared(&a, 1), pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&s->m, &a);
    CHILD(c) { pthread_mutex_lock(&s->m); }
    reap("owner", c);
    int r = pthread_mutex_lock(&s->m);
    S(ename(r)), S(ename(pthread_mutex_consistent(&s->m))), S(ename(pthread_mutex_unlock(&s->m))), S(ename(pthread_mutex_lock(&s->m)));
    pthread_mutex_unlock(&s->m);
    CHILD(c) { pthread_mutex_lock(&s->m); kill(getpid(), SIGKILL); }
    reap("owner", c);
    S(ename(pthread_mutex_lock(&s->m))), S(ename(pthread_mutex_unlock(&s->m))), S(ename(pthread_mutex_lock(&s->m)));
}
