// SPDX-License-Identifier: MPL-2.0
// Futexes between processes: in shared memory, in files, private ones do not meet; sharing over fork.
// Covers: futex mmap fork
#include "../conf.h"
static int *w;
static void wait_on(int op)
{
    while (__atomic_load_n(w, __ATOMIC_SEQ_CST) == 0)
        if (SC(futex, w, op, 0, 0, 0, 0) == -1 && errno != EAGAIN && errno != EINTR)
            say("wait: %s", ename(errno));
}
static void round_trip(const char *what, int *mine)
{
    pid_t c;
    w = mine, *w = 0;
    CHILD(c) { wait_on(0); w[1] = *w; *w = 2; SC(futex, w, 1, 1, 0, 0, 0); }
    await_state(c, 0, 'S');
    *w = 1;
    SC(futex, w, 1, 1, 0, 0, 0);
    while (__atomic_load_n(w, __ATOMIC_SEQ_CST) == 1)
        SC(futex, w, 0, 1, 0, 0, 0);
    say("%s: child saw %d, back: %d", what, w[1], *w);
    waitpid(c, 0, 0);
}
static void test(void)
{
    int *anon = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    round_trip("shared anonymous", anon);
    int fd = open("f", O_RDWR | O_CREAT, 0644);
    ftruncate(fd, 2 * PAGE);
    int *f = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    round_trip("file", f + 100);
    // The same place of the file at two addresses is one futex.
    int *f2 = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, PAGE);
    pid_t c;
    f2[5] = 0;
    CHILD(c) { _exit(SC(futex, f + 1024 + 5, 0, 0, 0, 0, 0) == 0 ? 11 : 12); }
    await_state(c, 0, 'S');
    R(SC(futex, f2 + 6, 1, 9, 0, 0, 0));
    R(SC(futex, f2 + 5, 1, 9, 0, 0, 0));
    reap("two addresses", c);
    // Private memory: after fork each process has its own; a private wake does not reach a shared wait.
    int *priv = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct timespec ts = {0, 400000000}; // long enough to be found asleep
    CHILD(c) { _exit(SC(futex, priv, 0, 0, &ts, 0, 0) == 0 ? 11 : errno == ETIMEDOUT ? 13 : 12); }
    await_state(c, 0, 'S');
    R(SC(futex, priv, 1, 9, 0, 0, 0));
    reap("private memory", c);
    *anon = 0;
    CHILD(c) { _exit(SC(futex, anon, 0, 0, &ts, 0, 0) == 0 ? 11 : errno == ETIMEDOUT ? 13 : 12); }
    await_state(c, 0, 'S');
    R(SC(futex, anon, 1 | 128, 9, 0, 0, 0));
    reap("private wake", c);
    // A mutex of three states in shared memory, four processes counting
    struct { int lock, n; } *s = (void *)(anon + 100);
    for (int i = 0; i < 4; i++)
        CHILD(c) {
            for (int k = 0; k < 500; k++) {
                int v = 0;
                if (!__atomic_compare_exchange_n(&s->lock, &v, 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
                    if (v != 2)
                        v = __atomic_exchange_n(&s->lock, 2, __ATOMIC_SEQ_CST);
                    while (v != 0) {
                        SC(futex, &s->lock, 0, 2, 0, 0, 0);
                        v = __atomic_exchange_n(&s->lock, 2, __ATOMIC_SEQ_CST);
                    }
                }
                int n = s->n;
                if (k % 50 == 0)
                    sched_yield();
                s->n = n + 1;
                if (__atomic_fetch_sub(&s->lock, 1, __ATOMIC_SEQ_CST) != 1) {
                    __atomic_store_n(&s->lock, 0, __ATOMIC_SEQ_CST);
                    SC(futex, &s->lock, 1, 1, 0, 0, 0);
                }
            }
        }
    while (wait(0) > 0) {}
    V(s->n);
}
