// SPDX-License-Identifier: MPL-2.0
// Registering restartable sequences: every error, what the area says, what becomes of it in threads, children and new programs.
// Covers: rseq
#include "../conf.h"
#include <pthread.h>
#include <sys/auxv.h>
#define SIG 0x53053053
struct area { unsigned start, cpu; unsigned long cs; unsigned flags, node, mm_cid, more; };
static struct area a __attribute__((aligned(32))), b __attribute__((aligned(32)));
static long reg(void *p, unsigned len, int flags, unsigned sig) { return SC(rseq, p, len, flags, sig); }
static void show(const char *what, struct area *p)
{
    unsigned cpu = 99, n = sysconf(_SC_NPROCESSORS_CONF);
    SC(getcpu, &cpu, 0, 0);
    say("%s: cpu %s, the same twice %d, node %u, id of concurrency %s, sequence %s", what, p->cpu == ~0u ? "none" : p->cpu < n ? "there" : "?",
        p->start == p->cpu, p->node, p->mm_cid < n ? "small" : "?", p->cs ? "set" : "none");
}
static void *thread(void *arg)
{
    static struct area mine __attribute__((aligned(32)));
    R(reg(&a, 32, 1, SIG)); // the creator's is not this one's
    R(reg(&mine, 32, 0, SIG));
    say("both have a cpu: %d", mine.cpu != ~0u && a.cpu != ~0u);
    R(reg(&mine, 32, 1, SIG));
    return arg;
}
int conf_reexec(int argc, char **argv)
{
    (void)argc, (void)argv;
    R(reg(&a, 32, 1, SIG)), R(reg(&b, 32, 0, SIG)), show("after exec", &b);
    return 0;
}
static void pin(int cpu)
{
    unsigned long m = 1ul << cpu;
    SC(sched_setaffinity, 0, 8, &m);
}
static void test(void)
{
    V(getauxval(27)), V(getauxval(28));
    R(reg(&a, 32, 1, SIG)), R(reg(&a, 31, 0, SIG)), R(reg(&a, 0, 0, SIG)), R(reg((char *)&a + 16, 32, 0, SIG));
    R(reg(&a, 32, 2, SIG)), R(reg(&a, 32, 3, SIG)), R(reg(&a, 32, -1, SIG)), R(reg(0, 31, 0, SIG));
    R(reg((void *)0x800000000000, 32, 0, SIG)), R(reg((void *)~31ul, 32, 0, SIG)), R(reg((char *)&a + 4, 64, 0, SIG));
    R(reg((void *)0x7fffffffefe0, 64, 0, SIG));
    a.cpu = ~0u, a.cs = 0;
    R(reg(&a, 32, 0, SIG)), show("registered", &a), V(a.mm_cid);
    R(reg(&a, 32, 0, SIG)), R(reg(&a, 32, 0, SIG + 1)), R(reg(&a, 64, 0, SIG)), R(reg(&b, 32, 0, SIG));
    R(reg(&b, 32, 1, SIG)), R(reg(&a, 64, 1, SIG)), R(reg(&a, 32, 1, SIG + 1)), R(reg(&b, 31, 0, SIG)), R(reg(&a, 32, 4, SIG));
    for (int i = 0; i < 4; i++) {
        pin(i & 1), nap(1);
        unsigned cpu;
        SC(getcpu, &cpu, 0, 0);
        say("pinned to %d: area %d, getcpu %d", i & 1, a.cpu == (unsigned)(i & 1) && a.start == a.cpu, cpu == a.cpu);
    }
    a.cpu = a.start = 77, nap(1), show("what is scribbled comes back", &a);
    pthread_t t;
    pthread_create(&t, 0, thread, 0), pthread_join(t, 0);
    pid_t c;
    CHILD(c) { R(reg(&a, 32, 0, SIG)), show("child", &a), R(reg(&a, 32, 1, SIG)); }
    reap("fork", c);
    CHILD(c) { execl(conf_self, conf_self, "exec", (char *)0), say("exec: %s", ename(errno)); }
    reap("exec", c);
    R(reg(&a, 32, 1, SIG)), show("unregistered", &a);
    R(reg(&a, 32, 1, SIG));
    nap(1), show("nobody writes it any more", &a);
    a.cs = 0x1234;
    R(reg(&a, 64, 0, 0)), show("a sequence left by somebody else", &a);
    nap(1), show("later", &a), R(reg(&a, 64, 1, 0));
    R(reg(BAD, 32, 0, SIG)) ;
    struct area *ro = mmap(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHILD(c) { SC(rseq, ro, 32, 0, SIG); }
    reap("not writable", c);
    CHILD(c) {
        struct area *p = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        R(reg(p, 32, 0, SIG)), mprotect(p, PAGE, PROT_READ), R(reg(p, 32, 1, SIG)), munmap(p, PAGE), nap(1);
    }
    reap("unmapped", c);
}
