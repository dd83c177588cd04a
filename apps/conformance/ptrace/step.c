// SPDX-License-Identifier: MPL-2.0
// PTRACE_SINGLESTEP: one instruction at a time, over a system call, into a handler; the flag is not seen by the program.
// Covers: ptrace
#include "../ptrace.h"
extern const char s0[], s1[], s2[], s3[], s4[], s5[], s6[], s7[];
static long pushed, handled;
static void handler(int s) { handled = s; }
static const char *place(unsigned long ip)
{
    static char b[16];
    const char *p = (const char *)ip;
    const char *const all[] = {s0, s1, s2, s3, s4, s5, s6, s7};
    for (unsigned i = 0; i < ARRAY(all); i++)
        if (p == all[i])
            return sprintf(b, "s%d", i), b;
    return (void (*)(int))ip == handler ? "handler" : "elsewhere";
}
static void test(void)
{
    pid_t p;
    siginfo_t si;
    TRACED(p) {
        on(SIGUSR1, handler, 0);
        __asm__ volatile(
            "int3\n"
            ".globl s0,s1,s2,s3,s4,s5,s6,s7\n"
            "s0: nop\n"
            "s1: mov $39, %%eax\n"
            "s2: syscall\n"
            "s3: pushf\n"
            "s4: pop %0\n"
            "s5: mov $3, %%ecx\n"
            "s6: loop s6\n"
            "s7: nop\n" : "=m"(pushed) : : "rax", "rcx", "r11", "memory");
        say("flags pushed %lx handled %ld", pushed & 0x100, handled);
    }
    seen("stop", p);
    PT(PTRACE_CONT, p, 0, 0), seen("int3", p);
    R(PT(PTRACE_GETSIGINFO, p, 0, &si)), say("%s %s", sname(si.si_signo), cname(si.si_signo, si.si_code));
    say("at %s", place(REG(p, rip)));
    for (int i = 0; i < 10; i++) {
        char b[16];
        PT(PTRACE_SINGLESTEP, p, 0, 0);
        sprintf(b, "step %d", i), seen(b, p);
        PT(PTRACE_GETSIGINFO, p, 0, &si);
        say("at %s %s addr %d flag %lx rcx %ld", place(REG(p, rip)), cname(si.si_signo, si.si_code), si.si_addr == (void *)REG(p, rip), REG(p, eflags) & 0x100,
            REG(p, rip) == (long)s6 ? REG(p, rcx) : -1);
    }
    // With a signal: the first stop is in the handler.
    PT(PTRACE_SINGLESTEP, p, 0, SIGUSR1);
    seen("into the handler", p);
    PT(PTRACE_GETSIGINFO, p, 0, &si);
    say("at %s code %d rdi %ld", place(REG(p, rip)), si.si_code, REG(p, rdi));
    PT(PTRACE_CONT, p, 0, 0), seen("end", p);
    // Out of a call that waits.
    int fd[2];
    if (pipe(fd)) return;
    TRACED(p) { char c; R(read(fd[0], &c, 1)); }
    seen("stop", p);
    PT(PTRACE_CONT, p, 0, 0), await_state(p, 0, 'S');
    long put = write(fd[1], "x", 1);
    seen("end", p);
    V(put);
}
