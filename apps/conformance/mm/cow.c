// SPDX-License-Identifier: MPL-2.0
// Memory over fork: private pages are copied on write on either side, shared ones are not; chains of forks.
// Covers: fork mmap
#include "../conf.h"
static int global = 1;
static void test(void)
{
    pid_t c, d;
    int local = 1, *heap = malloc(4);
    *heap = 1;
    int *priv = mmap(0, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int *shared = mmap(0, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int fd = open("f", O_RDWR | O_CREAT, 0644);
    ftruncate(fd, 2 * PAGE);
    int *fshared = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    int *fpriv = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    for (int i = 0; i < 16; i++)
        priv[i * 1024] = shared[i * 1024] = 1;
    fpriv[0] = 1;
    struct gate a = gate_make(), b = gate_make();
    CHILD(c) {
        say("child sees %d %d %d %d %d %d %d", global, local, *heap, priv[1024], shared[1024], fpriv[0], fshared[0]);
        global = local = *heap = priv[1024] = shared[1024] = fpriv[0] = fshared[0] = 2;
        gate_open(a), gate_wait(b);
        say("child after the parent's writes %d %d %d %d", priv[2048], shared[2048], fpriv[1], fshared[1]);
    }
    gate_wait(a);
    say("parent after the child's writes %d %d %d %d %d %d %d", global, local, *heap, priv[1024], shared[1024], fpriv[0], fshared[0]);
    priv[2048] = shared[2048] = fpriv[1] = fshared[1] = 3;
    gate_open(b), reap("child", c);
    // Ten generations: each adds to its own copy.
    int depth = 0;
    for (; depth < 10; depth++) {
        c = fork();
        if (c)
            break;
        priv[3072] += 1, shared[3072] += 1;
    }
    if (depth < 10)
        waitpid(c, 0, 0);
    if (depth) {
        shared[4096 + depth] = priv[3072];
        _exit(0);
    }
    say("own %d shared %d, of generations %d %d %d", priv[3072], shared[3072], shared[4097], shared[4101], shared[4106]);
    // Many children write the same pages at the same time.
    for (int i = 0; i < 8; i++) {
        d = fork();
        if (d == 0) {
            int bad = 0;
            for (int k = 0; k < 16; k++)
                priv[k * 1024 + 1] = i;
            sched_yield();
            for (int k = 0; k < 16; k++)
                bad += priv[k * 1024 + 1] != i;
            __atomic_add_fetch(&shared[5000], bad + 1, __ATOMIC_SEQ_CST);
            _exit(0);
        }
    }
    while (wait(0) > 0) {}
    say("children without errors %d, parent's page %d", shared[5000], priv[1]);
    // A system call that writes to a shared page breaks the sharing too.
    int p[2];
    pipe(p);
    write(p[1], "ABCD", 4);
    CHILD(c) { read(p[0], priv, 4); say("child has %.4s", (char *)priv); }
    reap("reader", c);
    V(priv[0]);
    // A stack of 1 MiB is copied too.
    volatile char big[1 << 20];
    memset((char *)big, 7, sizeof big);
    CHILD(c) { big[500000] = 8; int s = 0; for (size_t i = 0; i < sizeof big; i += 4096) s += big[i]; say("child's stack %d", s); }
    reap("stack", c);
    V(big[500000]);
    // Read-only after fork, and memory given back by the child only
    CHILD(c) { mprotect(priv, PAGE, PROT_READ); munmap(priv + 4096, 4 * PAGE); }
    reap("unmap", c);
    priv[0] = 9, say("still mine %d %d", priv[0], priv[4096 + 1024]);
}
