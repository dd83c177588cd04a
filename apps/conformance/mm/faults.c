// SPDX-License-Identifier: MPL-2.0
// Faults: signal, si_code and si_addr for every kind of bad access; the default is death by that signal.
// Covers: rt_sigaction mmap mprotect
#include "../conf.h"
#include <setjmp.h>
static sigjmp_buf env;
static siginfo_t last;
static void caught(int s, siginfo_t *i, void *u)
{
    (void)s, (void)u;
    last = *i;
    siglongjmp(env, 1);
}
static char *base;
#define TRY(what, expected, stmt) do { if (!sigsetjmp(env, 1)) { stmt; say("%s: no fault", what); } else \
    say("%s: %s %s address %s", what, sname(last.si_signo), cname(last.si_signo, last.si_code), \
        last.si_addr == (void *)(expected) ? "right" : last.si_addr ? "other" : "0"); } while (0)
static volatile int zero, one = 1;
static char *volatile low = (char *)8;
static void test(void)
{
    int sigs[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    for (int i = 0; i < 5; i++)
        on_info(sigs[i], caught, 0);
    base = mmap(0, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(base + PAGE, PAGE), mprotect(base + 2 * PAGE, PAGE, PROT_READ), mprotect(base + 3 * PAGE, PAGE, PROT_NONE);
    volatile char *p = base;
    TRY("read null", 0, (void)*(volatile char *)0);
    TRY("write null", 8, *(volatile long *)low = 1);
    TRY("call null", 0, ((void (*volatile)(void))0)());
    TRY("read unmapped", base + PAGE + 5, (void)p[PAGE + 5]);
    TRY("write unmapped", base + PAGE + 6, p[PAGE + 6] = 1);
    TRY("read read-only", 0, (void)p[2 * PAGE]);
    TRY("write read-only", base + 2 * PAGE + 7, p[2 * PAGE + 7] = 1);
    TRY("read none", base + 3 * PAGE + 1, (void)p[3 * PAGE + 1]);
    TRY("write none", base + 3 * PAGE + 2, p[3 * PAGE + 2] = 1);
    TRY("across pages", base + PAGE, *(volatile long *)(base + PAGE - 4) = 1);
    TRY("read kernel half", 0xffff800000000000, (void)*(volatile char *)0xffff800000000000);
    TRY("write kernel half", 0xffffffff81000000, *(volatile char *)0xffffffff81000000 = 1);
    TRY("non-canonical", 0, (void)*(volatile char *)0x0200000000000000);
    TRY("last byte of user space", 0x7fffffffffff, (void)*(volatile char *)0x7fffffffffff);
    TRY("execute data", base, ((void (*volatile)(void))base)());
    TRY("execute unmapped", base + PAGE, ((void (*volatile)(void))(base + PAGE))());
    TRY("write text", (char *)test, *(volatile char *)test = 1);
    // Files: beyond the end
    int fd = open("f", O_RDWR | O_CREAT, 0644);
    ftruncate(fd, 100);
    volatile char *f = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    TRY("within the last page", 0, (void)f[200]);
    TRY("read beyond the end", f + PAGE, (void)f[PAGE]);
    TRY("write beyond the end", f + PAGE + 9, f[PAGE + 9] = 1);
    volatile char *g = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    TRY("private, write beyond the end", g + PAGE, g[PAGE] = 1);
    ftruncate(fd, 2 * PAGE);
    TRY("after growing", 0, f[PAGE] = 1);
    TRY("private, after growing", 0, g[PAGE] = 1);
    ftruncate(fd, 0);
    TRY("after cutting", f, (void)f[0]);
    TRY("private copy after cutting", g + PAGE, (void)g[PAGE]); // the copy goes too
    // Instructions
    extern char at_div[], at_ud[], at_int3[];
    TRY("division by zero", at_div, ({ int r; __asm__ volatile(".globl at_div\n at_div: idivl %2" : "=a"(r) : "0"(one), "m"(zero), "d"(0)); }));
    TRY("undefined instruction", at_ud, __asm__ volatile(".globl at_ud\n at_ud: ud2"));
    TRY("breakpoint", at_int3, __asm__ volatile(".globl at_int3\n at_int3: int3"));
    TRY("privileged", 0, __asm__ volatile("hlt"));
    TRY("in to a port", 0, __asm__ volatile("inb $0x80, %%al" ::: "eax"));
    TRY("int 0x21", 0, __asm__ volatile("int $0x21"));
    TRY("alignment checked", 0, ({ char al[16]; __asm__ volatile("movaps %%xmm0, 1(%0)" ::"r"((uintptr_t)(al + 15) & ~15ul) : "memory"); }));
    // System calls with bad buffers give EFAULT and no signal.
    int pp[2];
    pipe(pp);
    R(write(pp[1], base + PAGE, 1));
    R(read(fd, base + 2 * PAGE, 1));
    write(pp[1], "x", 1);
    R(read(pp[0], base + 2 * PAGE, 1));
    // Blocked or ignored synchronous signals kill all the same.
    pid_t c;
    for (int how = 0; how < 3; how++) {
        CHILD(c) {
            SC(prctl, 4, 0, 0, 0, 0);
            sigset_t s;
            sigfillset(&s);
            if (how == 0)
                signal(SIGSEGV, SIG_DFL);
            else if (how == 1)
                sigprocmask(SIG_BLOCK, &s, 0);
            else
                signal(SIGSEGV, SIG_IGN);
            *(volatile char *)0 = 1;
        }
        reap(how == 0 ? "default" : how == 1 ? "blocked" : "ignored", c);
    }
}
