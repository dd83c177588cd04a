// SPDX-License-Identifier: MPL-2.0
// PTRACE_PEEKDATA and PTRACE_POKEDATA: data, read-only text (the tracer's copy stays untouched), PROT_NONE, shared memory, holes; /proc/PID/mem.
// Covers: ptrace pread64 pwrite64
#include "../ptrace.h"
static long number = 0x1122334455667788;
static const volatile long constant = 42;
__attribute__((noinline)) static int seven(void) { int r; __asm__ volatile("mov $7, %0" : "=r"(r)); return r; }
static void test(void)
{
    pid_t p;
    long v = 0, *hidden = mmap(0, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long *shared = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    long *read_only = mmap(0, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    long *edge = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap((char *)edge + PAGE, PAGE);
    *shared = 5;
    char path[64];
    TRACED(p) {
        say("child: number %lx constant %ld seven %d shared %ld", number, *(&constant), seven(), *shared);
        raise(SIGUSR1);
        mprotect(hidden, PAGE, PROT_READ);
        say("child: hidden %lx", *hidden);
    }
    seen("stop", p);
    R(PT(PTRACE_PEEKDATA, p, &number, &v)), X(v);
    R(PT(PTRACE_PEEKTEXT, p, (char *)&number + 3, &v)), X(v & 0xffffffffff);
    R(PT(PTRACE_PEEKDATA, p, 0, &v));
    R(PT(PTRACE_PEEKDATA, p, -8, &v));
    R(PT(PTRACE_PEEKDATA, p, 0x7ffffffffff8, &v));
    R(PT(PTRACE_PEEKDATA, p, (char *)edge + PAGE - 4, &v));
    R(PT(PTRACE_POKEDATA, p, (char *)edge + PAGE - 4, -1));
    R(PT(PTRACE_PEEKDATA, p, &number, 0));
    R(PT(PTRACE_PEEKDATA, p, &number, BAD));
    R(PT(PTRACE_POKEDATA, p, &number, 0xabcdef));
    R(PT(PTRACE_POKEDATA, p, &constant, 43));
    R(PT(PTRACE_POKEDATA, p, shared, 6));
    R(PT(PTRACE_POKEDATA, p, read_only, 6));
    R(PT(PTRACE_PEEKDATA, p, read_only, &v)), X(v);
    R(PT(PTRACE_PEEKDATA, p, hidden, &v)), X(v);
    R(PT(PTRACE_POKEDATA, p, hidden, 0x77));
    R(PT(PTRACE_PEEKDATA, p, hidden, &v)), X(v);
    // The function's text: mov $7 becomes mov $9.
    unsigned char *f = (unsigned char *)seven;
    for (int i = 0; i < 32; i++)
        if (f[i] == 0xb8 && f[i + 1] == 7) {
            v = word_at(p, PTRACE_PEEKTEXT, (unsigned long)(f + i));
            say("found: %d", (int)(v >> 8 & 0xff));
            R(PT(PTRACE_POKETEXT, p, f + i, (v & ~0xff00l) | 9 << 8));
            break;
        }
    V(seven());
    sprintf(path, "/proc/%d/mem", p);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    v = 0;
    R(pread(fd, &v, 8, (off_t)&constant)), V(v);
    v = 44;
    R(pwrite(fd, &v, 8, (off_t)&constant));
    R(pread(fd, &v, 8, 16)), R(pwrite(fd, &v, 8, (off_t)read_only));
    GO("usr1", PTRACE_CONT, p, 0);
    PT(PTRACE_CONT, p, 0, 0);
    await_state(p, 0, 'Z');
    R(PT(PTRACE_PEEKDATA, p, &number, &v));
    seen("end", p);
    v = 1;
    R(pread(fd, &v, 8, (off_t)&constant));
    say("tracer: number %lx constant %ld seven %d shared %ld", number, *(&constant), seven(), *shared);
}
