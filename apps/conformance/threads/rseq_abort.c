// SPDX-License-Identifier: MPL-2.0
// A restartable sequence starts over: when the thread loses its CPU in it, when it moves, when a handler runs, by membarrier; and
// what happens when the descriptor makes no sense.
// Covers: rseq membarrier
#include "../conf.h"
#include <pthread.h>
#define SIG 0x53053053
struct area { unsigned start, cpu; unsigned long cs; unsigned flags, node, mm_cid, more; };
struct cs { unsigned version, flags; unsigned long start, length, abort; };
static _Thread_local struct area a __attribute__((aligned(32)));
static volatile int handled, at_abort;
static volatile unsigned long inside;
extern char first[], last[], aborted[];
static volatile int stop;

// Spins in a sequence until it is made to start over (1), or until *until is set (0).
__attribute__((noinline)) static int spin(struct cs *cs, volatile int *until)
{
    int r;
    __asm__ volatile(
        "movq %[cs], 8(%[a])\n"
        ".globl first, last, aborted\n"
        "first: incq %[in]\n"
        "cmpl $0, (%[u])\n"
        "je first\n"
        "last: movl $0, %[r]\n"
        "jmp 2f\n"
        ".long 0x53053053\n"
        "aborted: movl $1, %[r]\n"
        "2:\n"
        : [r] "=&r"(r), [in] "+m"(inside) : [cs] "r"(cs), [a] "r"(&a), [u] "r"(until) : "memory", "cc");
    return r;
}
static struct cs good(void) { return (struct cs){0, 0, (unsigned long)first, last - first, (unsigned long)aborted}; }
static void handler(int s, siginfo_t *i, void *u)
{
    (void)s, (void)i;
    handled++;
    at_abort = ((ucontext_t *)u)->uc_mcontext.gregs[16] == (long)aborted;
}
static volatile pid_t other;
static volatile int phase, over[3], cleared[3], cpus[3];
static void *worker(void *arg)
{
    SC(rseq, &a, 32, 0, SIG);
    unsigned long m = 2;
    SC(sched_setaffinity, 0, 8, &m);
    struct cs cs = good();
    other = gettid();
    for (int i = 0; i < 3; i++) {
        inside = 0;
        phase = 2 * i + 1;
        do
            over[i] = spin(&cs, &stop), cleared[i] = a.cs == 0, cpus[i] = a.cpu;
        while (i == 0 && cpus[i] != 0);
        phase = 2 * i + 2;
        while (phase == 2 * i + 2 && i < 2)
            sched_yield();
    }
    return arg;
}
// It may have lost its CPU there already.
static void in_sequence(int p)
{
    while (phase < p || (phase == p && inside < 1000))
        sched_yield();
}
static void bad(const char *what, struct cs cs, unsigned flags)
{
    pid_t c;
    CHILD(c) {
        a.cs = 0, a.flags = flags;
        on(SIGALRM, SIG_IGN, 0);
        struct itimerval it = {{0, 1000}, {0, 1000}};
        on_info(SIGUSR1, handler, 0);
        setitimer(ITIMER_REAL, &it, 0);
        a.cs = (unsigned long)&cs;
        raise(SIGUSR1);
        say("%s: goes on, sequence cleared %d", what, a.cs == 0);
    }
    reap(what, c);
}
static void test(void)
{
    unsigned long m = 1;
    SC(sched_setaffinity, 0, 8, &m);
    R(SC(rseq, &a, 32, 0, SIG));
    struct cs cs = good();
    // A signal: the handler sees the abort address; by then the sequence is over.
    on_info(SIGALRM, handler, 0);
    struct itimerval it = {{0, 0}, {0, 20000}};
    do {
        setitimer(ITIMER_REAL, &it, 0);
        int r = spin(&cs, &stop);
        while (!handled) sched_yield();
        handled = 0;
        if (at_abort) V(r), V(a.cs == 0);
    } while (!at_abort); // something else took the CPU
    // Losing the CPU to another task on it.
    pid_t c;
    struct gate g = gate_make();
    CHILD(c) { gate_open(g); for (volatile long i = 0;; i++) {} }
    gate_wait(g);
    R(spin(&cs, &stop)), V(a.cs == 0);
    kill(c, SIGKILL), reap("spinner", c);
    // Not aborted: it ends by itself, and is forgotten with the next switch.
    int yes = 1;
    while (spin(&cs, &yes)) {}
    nap(1), V(a.cs == 0);
    // Moving, a signal sent, membarrier: to another thread.
    pthread_t t;
    R(SC(membarrier, 256, 0, 0));
    pthread_create(&t, 0, worker, 0);
    in_sequence(1);
    m = 1, SC(sched_setaffinity, other, 8, &m);
    while (phase != 2) sched_yield();
    m = 2, SC(sched_setaffinity, other, 8, &m), phase = 0;
    in_sequence(3);
    R(SC(membarrier, 128, 0, 0));
    while (phase != 4) sched_yield();
    phase = 0, in_sequence(5);
    R(SC(membarrier, 128, 1, 1)), pthread_join(t, 0);
    for (int i = 0; i < 3; i++)
        say("worker: aborted %d, sequence cleared %d, cpu %d", over[i], cleared[i], cpus[i]);
    R(SC(membarrier, 128, 1, 999)), R(SC(membarrier, 128, 1, -1)), R(SC(membarrier, 128, 2, 0));
    // Descriptors that make no sense.
    cs = good(), bad("good, but not in it", cs, 0);
    cs = good(), cs.version = 1, bad("version", cs, 0);
    cs = good(), cs.abort = (unsigned long)first, bad("abort inside", cs, 0);
    cs = good(), cs.abort = (unsigned long)last + 1, bad("no signature", cs, 0);
    cs = good(), cs.start = 0xff00000000000000, bad("start outside", cs, 0);
    cs = good(), cs.length = -1, bad("length wraps", cs, 0);
    cs = good(), cs.length = 0x7fffffffffff, bad("ends outside", cs, 0);
    cs = good(), cs.abort = 0x7ffffffff000, bad("abort outside", cs, 0);
    cs = good(), cs.flags = 1, bad("flags, but not in it", cs, 0);
    cs = good(), bad("flags of the area, not in it", cs, 1);
    CHILD(c) { a.cs = (unsigned long)BAD, nap(5), say("?"); }
    reap("descriptor not mapped", c);
    CHILD(c) { a.cs = 0x800000000000, nap(5), say("?"); }
    reap("descriptor outside", c);
    for (int f = 1; f < 16; f *= 2) {
        CHILD(c) { cs = good(), cs.flags = f, setitimer(ITIMER_REAL, &it, 0), spin(&cs, &stop), say("?"); }
        reap("flags of the sequence", c);
    }
    CHILD(c) { cs = good(), a.flags = 4, setitimer(ITIMER_REAL, &it, 0), spin(&cs, &stop), say("?"); }
    reap("flags of the area", c);
}
